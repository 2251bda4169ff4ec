output "object_store" {
  description = "Value of global.postgres.backup.objectStore (stack apps)."
  value       = module.data_services.object_store
}

output "otlp_endpoint" {
  description = "Value of global.otlpEndpoint (stack apps)."
  value       = module.observability.otlp_endpoint
}

output "grafana" {
  description = "How to look at Grafana."
  value       = module.observability.grafana
}

output "runner_labels" {
  description = "What workflows say in runs-on."
  value       = one(module.runners[*].labels)
}

output "runtime_class" {
  description = "The RuntimeClass of Spin applications."
  value       = module.spinkube.runtime_class
}
