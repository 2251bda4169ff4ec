output "values" {
  description = "The gateway's part of the application's values."
  value       = local.values
}

output "origin" {
  description = "Where the tunnel finds the gateway."
  value       = "http://api-gateway.souk.svc.cluster.local:80"
}
