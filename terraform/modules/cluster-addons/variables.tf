variable "cert_manager_version" {
  description = "Version of the chart cert-manager."
  type        = string
  default     = "v1.20.0"
}

variable "keda_version" {
  description = "Version of the chart keda, which is that of KEDA."
  type        = string
  default     = "2.20.2"
}
