# Runners of GitHub Actions inside the cluster (Actions Runner Controller, scale sets). They build and deploy; pull requests
# of strangers run on GitHub's machines (.github/workflows).
terraform {
  required_version = ">= 1.11"
  required_providers {
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

locals {
  repository = "oci://ghcr.io/actions/actions-runner-controller-charts"
}

resource "helm_release" "controller" {
  name             = "arc"
  namespace        = "arc-systems"
  create_namespace = true
  repository       = local.repository
  chart            = "gha-runner-scale-set-controller"
  version          = var.arc_version
  wait             = true
  # The default is debug.
  set = [{ name = "flags.logLevel", value = "info" }]
}

resource "kubernetes_namespace_v1" "runners" {
  metadata { name = "arc-runners" }
}

# May deploy the application, and nothing else in the cluster.
resource "kubernetes_service_account_v1" "deployer" {
  metadata {
    name      = "deployer"
    namespace = kubernetes_namespace_v1.runners.metadata[0].name
  }
}

resource "kubernetes_role_binding_v1" "deployer" {
  metadata {
    name      = "deployer"
    namespace = var.application_namespace
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "admin"
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account_v1.deployer.metadata[0].name
    namespace = kubernetes_namespace_v1.runners.metadata[0].name
  }
}

# `admin` knows the kinds of Kubernetes; these are the kinds that the chart has besides.
resource "kubernetes_role_v1" "deployer" {
  metadata {
    name      = "deployer"
    namespace = var.application_namespace
  }
  # The namespace itself, which the deploying script applies.
  rule {
    api_groups     = [""]
    resources      = ["namespaces"]
    resource_names = [var.application_namespace]
    verbs          = ["get", "patch"]
  }
  rule {
    api_groups = ["core.spinkube.dev", "keda.sh", "postgresql.cnpg.io", "monitoring.coreos.com", "policy", "networking.k8s.io"]
    resources  = ["*"]
    verbs      = ["get", "list", "watch", "create", "update", "patch", "delete"]
  }
}

resource "kubernetes_role_binding_v1" "deployer_kinds" {
  metadata {
    name      = "deployer-kinds"
    namespace = var.application_namespace
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = kubernetes_role_v1.deployer.metadata[0].name
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account_v1.deployer.metadata[0].name
    namespace = kubernetes_namespace_v1.runners.metadata[0].name
  }
}

resource "helm_release" "runners" {
  for_each = var.scale_sets

  name       = each.key
  namespace  = kubernetes_namespace_v1.runners.metadata[0].name
  repository = local.repository
  chart      = "gha-runner-scale-set"
  # The same as the controller's.
  version = var.arc_version
  wait    = true
  values = [
    file("${path.module}/values/${each.key}.yaml"),
    yamlencode({
      githubConfigUrl    = var.github_config_url
      githubConfigSecret = var.github_secret
      runnerScaleSetName = each.key
      minRunners         = each.value.min
      maxRunners         = each.value.max
    }),
  ]
  depends_on = [helm_release.controller]
}
