variable "kubeconfig" {
  description = "Path of the kubeconfig, for the script that makes Secrets."
  type        = string
}

variable "kube_context" {
  description = "Context in the kubeconfig."
  type        = string
}

variable "namespace" {
  description = "Souk has a namespace to itself, which the stack platform made."
  type        = string
  default     = "souk"
}

variable "release" {
  description = "Tag of the images and of the application's artifact."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+", var.release))
    error_message = "A version, as in 0.1.0: a moving tag could not be rolled back."
  }
}

variable "values" {
  description = "Values that differ from helm/souk/values.yaml, merged in this order. The chart's schema knows every key."
  type        = any
  default     = []
}
