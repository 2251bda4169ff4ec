variable "kubeconfig" {
  description = "Path of the kubeconfig (output of the stack cluster)."
  type        = string
}

variable "kube_context" {
  description = "Context in the kubeconfig."
  type        = string
}

variable "release" {
  description = "Version to run: tag of the images and the artifact."
  type        = string
}

variable "shop_url" {
  description = "Where shoppers reach the shop, as in https://shop.example.org."
  type        = string

  validation {
    condition     = can(regex("^https://[^/]+$", var.shop_url))
    error_message = "https:// and a hostname, without a slash at the end."
  }
}

variable "object_store" {
  description = "Output of the stack platform."
  type        = string
  default     = "souk-backups"
}

variable "otlp_endpoint" {
  description = "Output of the stack platform."
  type        = string
  default     = "http://otel-collector.observability.svc.cluster.local:4318"
}

variable "gateway_replicas" {
  description = "Least and most replicas of the gateway."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 6 }
}

variable "behind_cloudflare" {
  description = "Whether the stack edge is the way in."
  type        = bool
  default     = true
}

variable "trusted_addresses" {
  description = "Networks of proxies of yours in front of the gateway, when it is not the tunnel."
  type        = list(string)
  default     = []
}

variable "trace_fraction" {
  description = "Part of the requests whose trace is recorded."
  type        = number
  default     = 0.1
}

variable "values" {
  description = "Values of helm/souk that this environment has otherwise, such as sizes. No secrets: those are made in the cluster."
  type        = any
  default     = {}
}
