# The gateway is a part of the application's chart (helm/souk/charts/api-gateway), since its routes are those of spin.toml.
# This says how it stands in this environment: who is in front of it, how much it lets through. No resources.
terraform {
  required_version = ">= 1.11"
}

locals {
  # Behind Cloudflare the client's address comes in a header of theirs, which the tunnel's pods alone are believed.
  real_ip_header = var.behind_cloudflare ? "http_cf_connecting_ip" : "http_x_forwarded_for"
  # Without the tunnel clients come through pods of k3s' load balancer, who must not be believed: anybody could have any address.
  trusted_by_default = var.behind_cloudflare ? "10.42.0.0/16" : "127.0.0.1/32"
  values = {
    api-gateway = {
      autoscaling      = { enabled = true, min = var.replicas.min, max = var.replicas.max, cpu = 70 }
      service          = { type = var.behind_cloudflare ? "ClusterIP" : "LoadBalancer", port = 80 }
      trustedAddresses = length(var.trusted_addresses) > 0 ? var.trusted_addresses : [local.trusted_by_default]
      realIpHeader     = local.real_ip_header
      traceFraction    = var.trace_fraction
    }
  }
}
