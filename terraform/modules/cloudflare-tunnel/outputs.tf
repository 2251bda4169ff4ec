output "tunnel_id" {
  description = "The tunnel, as in Cloudflare's dashboard."
  value       = cloudflare_zero_trust_tunnel_cloudflared.edge.id
}

output "addresses" {
  description = "Where the shop is."
  value       = [for hostname in var.hostnames : "https://${hostname}"]
}
