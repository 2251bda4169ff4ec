cluster_name = "souk-production"
kubeconfig   = "~/.kube/souk-production"

servers = [
  { name = "server-1", address = "10.0.0.11", labels = { "topology.kubernetes.io/zone" = "a" } },
  { name = "server-2", address = "10.0.0.12", labels = { "topology.kubernetes.io/zone" = "b" } },
  { name = "server-3", address = "10.0.0.13", labels = { "topology.kubernetes.io/zone" = "c" } },
]
agents = [
  { name = "agent-1", address = "10.0.0.21", labels = { "topology.kubernetes.io/zone" = "a" } },
  { name = "agent-2", address = "10.0.0.22", labels = { "topology.kubernetes.io/zone" = "b" } },
  { name = "agent-3", address = "10.0.0.23", labels = { "topology.kubernetes.io/zone" = "c" } },
]
api_names = ["k3s.souk.example"]
ssh = {
  user             = "souk-admin"
  private_key_path = "~/.ssh/souk_production"
  known_hosts_path = "~/.ssh/souk_production_hosts"
}

# k3s_installer_sha256 and shim_sha256: terraform/README.md says how to compute them. They belong into this file, in a commit
# that somebody else has checked.
