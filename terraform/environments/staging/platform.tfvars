kubeconfig   = "~/.kube/souk-staging"
kube_context = "souk-staging"

prometheus_values = {
  prometheus = {
    prometheusSpec = {
      retention     = "3d"
      retentionSize = "8GB"
      storageSpec   = { volumeClaimTemplate = { spec = { resources = { requests = { storage = "10Gi" } } } } }
    }
  }
}

# spin_operator_crds_sha256: terraform/README.md
