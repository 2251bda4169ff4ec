# Postgres' operator, its backup plug-in, and the store that backups go to. The databases themselves belong to the application's
# chart, as do the two Valkey servers.
terraform {
  required_version = ">= 1.11"
  required_providers {
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

locals {
  repository = "https://cloudnative-pg.github.io/charts"
}

# The application's namespace: the store of backups must be in it, and it must be there before runners may deploy to it.
resource "kubernetes_namespace_v1" "application" {
  metadata {
    name = var.application_namespace
    labels = {
      "pod-security.kubernetes.io/enforce" = "baseline"
      "pod-security.kubernetes.io/warn"    = "restricted"
    }
  }
}

resource "helm_release" "operator" {
  name             = "cnpg"
  namespace        = "cnpg-system"
  create_namespace = true
  repository       = local.repository
  chart            = "cloudnative-pg"
  version          = var.operator_chart_version
  wait             = true
}

# Wants cert-manager, which the stack installs first.
resource "helm_release" "barman" {
  name       = "plugin-barman-cloud"
  namespace  = helm_release.operator.namespace
  repository = local.repository
  chart      = "plugin-barman-cloud"
  version    = var.barman_chart_version
  wait       = true
}

# A chart of our own and not kubernetes_manifest, which needs the CRD when it plans.
resource "helm_release" "store" {
  count      = var.backups == null ? 0 : 1
  name       = "backup-store"
  namespace  = kubernetes_namespace_v1.application.metadata[0].name
  chart      = "${path.module}/backup-store"
  values     = [yamlencode(var.backups)]
  depends_on = [helm_release.barman]
}
