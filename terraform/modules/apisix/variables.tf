variable "replicas" {
  description = "Least and most replicas."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 6 }

  validation {
    condition     = var.replicas.min >= 1 && var.replicas.max >= var.replicas.min
    error_message = "At least one, and no fewer at most than at least."
  }
}

variable "behind_cloudflare" {
  description = "Whether the tunnel is the way in; then the gateway has no address outside of the cluster."
  type        = bool
  default     = true
}

variable "trusted_addresses" {
  description = "Networks of the proxies that are believed about a client's address; without any, the pods' network of k3s behind the tunnel, and nobody elsewhere."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for network in var.trusted_addresses : can(cidrhost(network, 0))])
    error_message = "Networks as in 10.42.0.0/16."
  }
}

variable "trace_fraction" {
  description = "Part of the requests whose trace is recorded."
  type        = number
  default     = 0.1

  validation {
    condition     = var.trace_fraction >= 0 && var.trace_fraction <= 1
    error_message = "Between 0 and 1."
  }
}
