# Souk itself: one Helm release of helm/souk, with the gateway as this environment wants it.
terraform {
  required_version = ">= 1.11"
  required_providers {
    helm = { source = "hashicorp/helm", version = "~> 3.1" }
  }
}

provider "helm" {
  kubernetes = {
    config_path    = var.kubeconfig
    config_context = var.kube_context
  }
}

module "apisix" {
  source = "../../modules/apisix"

  replicas          = var.gateway_replicas
  behind_cloudflare = var.behind_cloudflare
  trusted_addresses = var.trusted_addresses
  trace_fraction    = var.trace_fraction
}

module "souk" {
  source = "../../modules/souk"

  kubeconfig   = var.kubeconfig
  kube_context = var.kube_context
  release      = var.release
  values = [
    {
      global = {
        shopUrl      = var.shop_url
        otlpEndpoint = var.otlp_endpoint
        postgres     = { backup = { objectStore = var.object_store } }
      }
    },
    module.apisix.values,
    var.values,
  ]
}
