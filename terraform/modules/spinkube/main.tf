# SpinKube: the CRDs of SpinApp and SpinAppExecutor, which are not in the chart, then the operator, and the RuntimeClass
# for the shim that k3s found on its PATH. The executor belongs to the application's namespace and its chart.
terraform {
  required_version = ">= 1.11"
  required_providers {
    helm       = { source = "hashicorp/helm", version = "~> 3.1" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

locals {
  crds = "https://github.com/spinframework/spin-operator/releases/download/v${var.spin_operator_version}/spin-operator.crds.yaml"
}

resource "terraform_data" "crds" {
  triggers_replace = [local.crds, var.crds_sha256]

  provisioner "local-exec" {
    interpreter = ["/bin/bash", "-euo", "pipefail", "-c"]
    environment = { KUBECONFIG = pathexpand(var.kubeconfig) }
    command     = <<-EOT
      file=$(mktemp)
      trap 'rm -f "$file"' EXIT
      curl -fsSL --proto '=https' -o "$file" '${local.crds}'
      echo '${var.crds_sha256}  '"$file" | sha256sum -c - >/dev/null
      kubectl --context '${var.kube_context}' apply --server-side -f "$file"
    EOT
  }
}

resource "kubernetes_runtime_class_v1" "spin" {
  metadata { name = "wasmtime-spin-v2" }
  # k3s names the handler after the binary: containerd-shim-spin-v2 is "spin".
  handler = "spin"
}

resource "helm_release" "spin_operator" {
  name             = "spin-operator"
  namespace        = "spin-operator"
  create_namespace = true
  repository       = "oci://ghcr.io/spinframework/charts"
  chart            = "spin-operator"
  version          = var.spin_operator_version
  wait             = true
  depends_on       = [terraform_data.crds]
}
