output "addresses" {
  description = "Where the shop is."
  value       = module.tunnel.addresses
}

output "tunnel_id" {
  description = "The tunnel, as in Cloudflare's dashboard."
  value       = module.tunnel.tunnel_id
}
