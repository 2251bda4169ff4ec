cluster_name = "souk-staging"
kubeconfig   = "~/.kube/souk-staging"

servers = [{ name = "staging-1", address = "10.1.0.11" }]
ssh = {
  user             = "souk-admin"
  private_key_path = "~/.ssh/souk_staging"
  known_hosts_path = "~/.ssh/souk_staging_hosts"
}

# k3s_installer_sha256 and shim_sha256 as in production.
