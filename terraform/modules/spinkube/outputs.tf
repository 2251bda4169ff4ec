output "runtime_class" {
  description = "What the application's executor names."
  value       = kubernetes_runtime_class_v1.spin.metadata[0].name
}
