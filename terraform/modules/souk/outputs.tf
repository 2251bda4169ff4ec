output "release" {
  description = "What runs: chart, version and revision."
  value       = "${helm_release.souk.name} ${var.release}, revision ${helm_release.souk.metadata.revision}"
}
