variable "kubeconfig" {
  description = "Path of the kubeconfig (output of the stack cluster)."
  type        = string
}

variable "kube_context" {
  description = "Context in the kubeconfig."
  type        = string
}

variable "account_id" {
  description = "Cloudflare's account."
  type        = string
}

variable "zone_id" {
  description = "The zone of the hostnames."
  type        = string
}

variable "tunnel_name" {
  description = "Name of the tunnel."
  type        = string
}

variable "hostnames" {
  description = "Where the shop is reached."
  type        = list(string)
}

variable "origin" {
  description = "Output of the stack apps."
  type        = string
  default     = "http://api-gateway.souk.svc.cluster.local:80"
}

variable "token_revision" {
  description = "Raise it after the tunnel's secret was rotated."
  type        = number
  default     = 1
}
