output "labels" {
  description = "What workflows say in runs-on."
  value       = keys(helm_release.runners)
}
