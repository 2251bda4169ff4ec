# Prometheus with Alertmanager and Grafana, Tempo, and the OpenTelemetry collector, each with the files in monitoring/ that
# the tests check: rules, dashboards, routes, pipelines.
terraform {
  required_version = ">= 1.11"
  required_providers {
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

locals {
  files      = "${path.module}/../../../monitoring"
  dashboards = fileset("${local.files}/dashboards", "*.json")
  rules = {
    for file in fileset("${local.files}/prometheus/rules", "*.yml") :
    "souk-${trimsuffix(file, ".yml")}" => yamldecode(file("${local.files}/prometheus/rules/${file}"))
  }
}

resource "kubernetes_namespace_v1" "observability" {
  metadata { name = "observability" }
}

resource "kubernetes_config_map_v1" "dashboard" {
  for_each = local.dashboards

  metadata {
    name      = "souk-${trimsuffix(each.key, ".json")}"
    namespace = kubernetes_namespace_v1.observability.metadata[0].name
    labels    = { grafana_dashboard = "1" }
  }
  data = { (each.key) = file("${local.files}/dashboards/${each.key}") }
}

resource "helm_release" "prometheus" {
  name       = "kube-prometheus-stack"
  namespace  = kubernetes_namespace_v1.observability.metadata[0].name
  repository = "https://prometheus-community.github.io/helm-charts"
  chart      = "kube-prometheus-stack"
  version    = var.kube_prometheus_stack_version
  wait       = true
  timeout    = 900
  values = [
    file("${local.files}/values/kube-prometheus-stack.yaml"),
    yamlencode({
      additionalPrometheusRulesMap = local.rules
      alertmanager                 = { config = yamldecode(file("${local.files}/alertmanager/alertmanager.yml")) }
    }),
    yamlencode(var.prometheus_values),
  ]
}

resource "helm_release" "tempo" {
  name       = "tempo"
  namespace  = kubernetes_namespace_v1.observability.metadata[0].name
  repository = "https://grafana-community.github.io/helm-charts"
  chart      = "tempo"
  version    = var.tempo_version
  wait       = true
  values     = [file("${local.files}/values/tempo.yaml")]
}

resource "helm_release" "collector" {
  name       = "otel-collector"
  namespace  = kubernetes_namespace_v1.observability.metadata[0].name
  repository = "https://open-telemetry.github.io/opentelemetry-helm-charts"
  chart      = "opentelemetry-collector"
  version    = var.collector_version
  wait       = true
  values = [
    file("${local.files}/values/otel-collector.yaml"),
    yamlencode({ config = yamldecode(file("${local.files}/otel/collector.yaml")) }),
  ]
  depends_on = [helm_release.prometheus, helm_release.tempo]
}
