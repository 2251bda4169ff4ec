output "object_store" {
  description = "Value of global.postgres.backup.objectStore; empty without backups."
  value       = var.backups == null ? "" : "souk-backups"
}

output "application_namespace" {
  description = "The application's namespace."
  value       = kubernetes_namespace_v1.application.metadata[0].name
}
