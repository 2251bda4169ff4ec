variable "kube_prometheus_stack_version" {
  description = "Version of the chart kube-prometheus-stack."
  type        = string
  default     = "88.5.3"
}

variable "tempo_version" {
  description = "Version of the chart tempo (grafana-community)."
  type        = string
  default     = "1.25.1"
}

variable "collector_version" {
  description = "Version of the chart opentelemetry-collector."
  type        = string
  default     = "0.158.3"
}

variable "prometheus_values" {
  description = "Values of kube-prometheus-stack that this environment has otherwise, such as sizes."
  type        = any
  default     = {}
}
