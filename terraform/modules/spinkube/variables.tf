variable "kubeconfig" {
  description = "Path of the kubeconfig, for kubectl."
  type        = string
}

variable "kube_context" {
  description = "Context in the kubeconfig."
  type        = string
}

variable "spin_operator_version" {
  description = "Version of spin-operator and of its chart."
  type        = string
  default     = "0.6.1"
}

variable "crds_sha256" {
  description = "SHA-256 of spin-operator.crds.yaml of that release."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.crds_sha256))
    error_message = "64 hexadecimal digits: curl -fsSL URL | sha256sum"
  }
}
