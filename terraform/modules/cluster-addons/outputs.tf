output "keda_namespace" {
  description = "Where KEDA runs; the application lets it ask Valkey for the lag of streams."
  value       = helm_release.keda.namespace
}
