# The application: its Secrets, made at random inside the cluster and never seen by Terraform, and then the chart.
terraform {
  required_version = ">= 1.11"
  required_providers {
    helm = { source = "hashicorp/helm", version = "~> 3.1" }
  }
}

locals {
  root = abspath("${path.module}/../../..")
}

# What is there stays; what is missing is made. Values travel over standard input alone.
resource "terraform_data" "secrets" {
  triggers_replace = [filesha256("${local.root}/scripts/cluster/secrets")]

  provisioner "local-exec" {
    command     = "'${local.root}/scripts/cluster/secrets' ensure"
    environment = { ENV = "prod", NAMESPACE = var.namespace, KUBECONFIG = pathexpand(var.kubeconfig), KUBE_CONTEXT = var.kube_context }
  }
}

resource "helm_release" "souk" {
  name      = "souk"
  namespace = var.namespace
  chart     = "${local.root}/helm/souk"
  values    = concat([for overlay in var.values : yamlencode(overlay)], [yamlencode({ global = { tag = var.release } })])
  # A release whose pods do not become ready is taken back.
  atomic          = true
  cleanup_on_fail = true
  wait            = true
  timeout         = 1800
  max_history     = 10
  depends_on      = [terraform_data.secrets]
}
