variable "account_id" {
  description = "Cloudflare's account."
  type        = string
}

variable "zone_id" {
  description = "The zone of the hostnames."
  type        = string
}

variable "name" {
  description = "Name of the tunnel."
  type        = string
}

variable "hostnames" {
  description = "Where the shop is reached. All lead to the gateway."
  type        = list(string)

  validation {
    condition     = length(var.hostnames) > 0 && alltrue([for name in var.hostnames : can(regex("^[a-z0-9.-]+\\.[a-z]+$", name))])
    error_message = "At least one full hostname."
  }
}

variable "origin" {
  description = "The gateway inside the cluster. Never a service: they expect a gateway before them."
  type        = string

  validation {
    condition     = can(regex("^http://api-gateway\\.", var.origin))
    error_message = "The tunnel leads to the gateway (module apisix, output origin)."
  }
}

variable "namespace" {
  description = "Namespace of the connectors."
  type        = string
  default     = "edge"
}

variable "replicas" {
  description = "Connectors."
  type        = number
  default     = 2
}

variable "cloudflared_version" {
  description = "Version of cloudflared."
  type        = string
  default     = "2026.8.2"
}

variable "token_revision" {
  description = "Raise it after the tunnel's secret was rotated."
  type        = number
  default     = 1
}
