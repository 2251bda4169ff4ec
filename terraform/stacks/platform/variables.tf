variable "kubeconfig" {
  description = "Path of the kubeconfig (output of the stack cluster)."
  type        = string
}

variable "kube_context" {
  description = "Context in the kubeconfig."
  type        = string
}

variable "spin_operator_crds_sha256" {
  description = "SHA-256 of spin-operator.crds.yaml."
  type        = string
}

variable "backups" {
  description = "Where Postgres' backups go; null for none."
  type = object({
    destination        = string
    endpoint           = optional(string, "")
    retention          = optional(string, "30d")
    credentials_secret = optional(string, "souk-backup-credentials")
  })
  default = null
}

variable "prometheus_values" {
  description = "Values of kube-prometheus-stack that this environment has otherwise."
  type        = any
  default     = {}
}

variable "github_config_url" {
  description = "The repository whose jobs run here; null for no runners."
  type        = string
  default     = null
}
