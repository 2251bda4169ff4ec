# The way in from the internet. CLOUDFLARE_API_TOKEN comes from the environment: a token for this zone's DNS and for tunnels.
terraform {
  required_version = ">= 1.11"
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare", version = "~> 5.22" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

provider "cloudflare" {}

provider "kubernetes" {
  config_path    = var.kubeconfig
  config_context = var.kube_context
}

module "tunnel" {
  source = "../../modules/cloudflare-tunnel"

  account_id     = var.account_id
  zone_id        = var.zone_id
  name           = var.tunnel_name
  hostnames      = var.hostnames
  origin         = var.origin
  token_revision = var.token_revision
}
