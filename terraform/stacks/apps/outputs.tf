output "release" {
  description = "What runs."
  value       = module.souk.release
}

output "origin" {
  description = "Where the tunnel finds the gateway (stack edge)."
  value       = module.apisix.origin
}
