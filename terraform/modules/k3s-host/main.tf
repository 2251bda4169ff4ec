# One host of a k3s cluster, over SSH: k3s of an exact version, and the Spin shim where k3s looks for it (/usr/local/bin).
# Both are checked against checksums that the operator gives. Applied again only when something that it is made of changes.
terraform {
  required_version = ">= 1.11"
}

locals {
  installer = "${path.module}/files/install.sh"
  script    = "/var/tmp/souk-install.sh"
  settings = {
    ROLE              = var.role
    K3S_VERSION       = var.k3s_version
    K3S_INSTALLER_SHA = var.k3s_installer_sha256
    SHIM_VERSION      = var.shim_version
    SHIM_SHA_X86_64   = var.shim_sha256.x86_64
    SHIM_SHA_AARCH64  = var.shim_sha256.aarch64
    SERVER_URL        = var.server_address == null ? "" : "https://${var.server_address}:6443"
    NODE_NAME         = var.host.name
    NODE_LABELS       = join(",", [for key, value in var.host.labels : "${key}=${value}"])
    TLS_SANS          = join(",", var.tls_sans)
  }
  ssh = join(" ", [
    "ssh -i '${pathexpand(var.ssh.private_key_path)}' -p ${var.ssh.port}",
    "-o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile='${pathexpand(var.ssh.known_hosts_path)}'",
  ])
}

resource "terraform_data" "install" {
  triggers_replace = [sha256(jsonencode(local.settings)), filesha256(local.installer), var.host.address]

  # The system's own ssh, since it checks the host's key against known_hosts, which a `connection` block does not.
  provisioner "local-exec" {
    interpreter = ["/bin/bash", "-euo", "pipefail", "-c"]
    command     = "${local.ssh} ${var.ssh.user}@${var.host.address} 'sudo tee ${local.script} >/dev/null && sudo chmod 0700 ${local.script}' <'${local.installer}'"
  }

  # A server's join token goes from host to host and never into the state. The first server has none to get.
  provisioner "local-exec" {
    interpreter = ["/bin/bash", "-euo", "pipefail", "-c"]
    command = var.server_address == null ? "true" : join(" ", [
      "${local.ssh} ${var.ssh.user}@${var.server_address} 'sudo cat /var/lib/rancher/k3s/server/node-token' |",
      "${local.ssh} ${var.ssh.user}@${var.host.address} 'sudo install -D -m 0600 /dev/stdin /etc/rancher/k3s/join-token'",
    ])
  }

  provisioner "local-exec" {
    interpreter = ["/bin/bash", "-euo", "pipefail", "-c"]
    command = join(" ", concat(
      ["${local.ssh} ${var.ssh.user}@${var.host.address} sudo env"],
      [for key, value in local.settings : "${key}='${value}'"],
      [local.script],
    ))
  }
}
