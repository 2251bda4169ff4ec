# Hosts that are there, over SSH, become a k3s cluster that can run Spin applications. Its output is a kubeconfig, which the
# other stacks are given as a path: a provider that is configured from a resource of the same run breaks plan and destroy.
terraform {
  required_version = ">= 1.11"
}

locals {
  first = var.servers[0]
  rest  = { for host in slice(var.servers, 1, length(var.servers)) : host.name => host }
}

module "first_server" {
  source = "../../modules/k3s-host"

  host                 = local.first
  role                 = "first-server"
  ssh                  = var.ssh
  k3s_version          = var.k3s_version
  k3s_installer_sha256 = var.k3s_installer_sha256
  shim_version         = var.shim_version
  shim_sha256          = var.shim_sha256
  tls_sans             = var.api_names
}

# Further servers join one after another: etcd takes one member at a time. Run with -parallelism=1 for the first time.
module "servers" {
  source   = "../../modules/k3s-host"
  for_each = local.rest

  host                 = each.value
  role                 = "server"
  server_address       = module.first_server.address
  ssh                  = var.ssh
  k3s_version          = var.k3s_version
  k3s_installer_sha256 = var.k3s_installer_sha256
  shim_version         = var.shim_version
  shim_sha256          = var.shim_sha256
  tls_sans             = var.api_names
}

module "agents" {
  source     = "../../modules/k3s-host"
  for_each   = { for host in var.agents : host.name => host }
  depends_on = [module.servers]

  host                 = each.value
  role                 = "agent"
  server_address       = module.first_server.address
  ssh                  = var.ssh
  k3s_version          = var.k3s_version
  k3s_installer_sha256 = var.k3s_installer_sha256
  shim_version         = var.shim_version
  shim_sha256          = var.shim_sha256
}

# Fetched to the operator's machine, for nobody else to read. It is not part of the state.
resource "terraform_data" "kubeconfig" {
  triggers_replace = [module.first_server.address, var.kubeconfig, var.cluster_name]

  provisioner "local-exec" {
    interpreter = ["/bin/bash", "-euo", "pipefail", "-c"]
    command     = <<-EOT
      umask 077
      mkdir -p "$(dirname '${local.kubeconfig}')"
      ssh -i '${pathexpand(var.ssh.private_key_path)}' -p ${coalesce(var.ssh.port, 22)} -o BatchMode=yes -o StrictHostKeyChecking=yes \
        -o UserKnownHostsFile='${pathexpand(var.ssh.known_hosts_path)}' ${var.ssh.user}@${module.first_server.address} \
        sudo cat /etc/rancher/k3s/k3s.yaml |
        sed -e 's/127\.0\.0\.1/${local.api}/' -e 's/: default$/: ${var.cluster_name}/' >'${local.kubeconfig}'
    EOT
  }
}

locals {
  kubeconfig = pathexpand(var.kubeconfig)
  api        = length(var.api_names) > 0 ? var.api_names[0] : local.first.address
}
