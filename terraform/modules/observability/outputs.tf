output "namespace" {
  description = "Where Prometheus and the collector are."
  value       = kubernetes_namespace_v1.observability.metadata[0].name
}

output "otlp_endpoint" {
  description = "Where Spin, relay and mailer send traces."
  value       = "http://${helm_release.collector.name}.${helm_release.collector.namespace}.svc.cluster.local:4318"
}

output "grafana" {
  description = "How to look at Grafana."
  value       = "kubectl -n ${kubernetes_namespace_v1.observability.metadata[0].name} port-forward svc/kube-prometheus-stack-grafana 3001:80"
}
