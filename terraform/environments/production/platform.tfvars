kubeconfig   = "~/.kube/souk-production"
kube_context = "souk-production"

backups = {
  destination = "s3://souk-backups/production"
  retention   = "30d"
}
github_config_url = "https://github.com/souk-shop/souk"

# spin_operator_crds_sha256: terraform/README.md
