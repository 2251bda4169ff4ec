# What Souk stands on: certificates, autoscaling, SpinKube, Postgres' operator, observability, runners. In this order, since each
# needs the webhooks or kinds of the one before.
terraform {
  required_version = ">= 1.11"
  required_providers {
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

provider "kubernetes" {
  config_path    = var.kubeconfig
  config_context = var.kube_context
}

provider "helm" {
  kubernetes = {
    config_path    = var.kubeconfig
    config_context = var.kube_context
  }
}

module "addons" {
  source = "../../modules/cluster-addons"
}

module "spinkube" {
  source     = "../../modules/spinkube"
  depends_on = [module.addons]

  kubeconfig   = var.kubeconfig
  kube_context = var.kube_context
  crds_sha256  = var.spin_operator_crds_sha256
}

module "data_services" {
  source     = "../../modules/data-services"
  depends_on = [module.addons]

  backups = var.backups
}

module "observability" {
  source     = "../../modules/observability"
  depends_on = [module.addons]

  prometheus_values = var.prometheus_values
}

module "runners" {
  source = "../../modules/arc-runners"
  count  = var.github_config_url == null ? 0 : 1

  github_config_url     = var.github_config_url
  application_namespace = module.data_services.application_namespace
}
