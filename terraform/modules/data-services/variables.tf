variable "operator_chart_version" {
  description = "Version of the chart cloudnative-pg (0.29.0 is CloudNativePG 1.30)."
  type        = string
  default     = "0.29.0"
}

variable "barman_chart_version" {
  description = "Version of the chart plugin-barman-cloud."
  type        = string
  default     = "0.7.0"
}

variable "application_namespace" {
  description = "Namespace of the databases, where their store of backups must be."
  type        = string
  default     = "souk"
}

variable "backups" {
  description = "Where backups go, how long they are kept, and the Secret with the store's key; null for none."
  type = object({
    destination        = string
    endpoint           = optional(string, "")
    retention          = optional(string, "30d")
    credentials_secret = optional(string, "souk-backup-credentials")
  })
  default = null

  validation {
    condition     = var.backups == null || can(regex("^s3://", var.backups.destination))
    error_message = "The destination is an S3 address, as in s3://souk-backups/production."
  }
}
