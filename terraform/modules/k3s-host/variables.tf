variable "host" {
  description = "The host: its name in the cluster, its address for SSH and for the other hosts, and labels of the node."
  type = object({
    name    = string
    address = string
    labels  = optional(map(string), {})
  })

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]*$", var.host.name)) && can(regex("^[A-Za-z0-9.:-]+$", var.host.address))
    error_message = "A host has a name of lower-case letters, digits, dots and dashes, and a name or IP address."
  }
}

variable "role" {
  description = "first-server begins the cluster, server joins its control plane, agent runs workloads only."
  type        = string

  validation {
    condition     = contains(["first-server", "server", "agent"], var.role)
    error_message = "The role is first-server, server or agent."
  }
}

variable "server_address" {
  description = "Address of the first server; null for the first server itself."
  type        = string
  default     = null
}

variable "ssh" {
  description = "How hosts are reached. The user may use sudo without a password; the key is a path and never a value."
  type = object({
    user             = string
    private_key_path = string
    known_hosts_path = string
    port             = optional(number, 22)
  })
}

variable "k3s_version" {
  description = "Exact version of k3s, as in v1.35.5+k3s1."
  type        = string

  validation {
    condition     = can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+\\+k3s[0-9]+$", var.k3s_version))
    error_message = "As in v1.35.5+k3s1."
  }
}

variable "k3s_installer_sha256" {
  description = "SHA-256 of install.sh at that version's tag. The script checks the binary against the release's own checksums."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.k3s_installer_sha256))
    error_message = "64 hexadecimal digits: curl -fsSL https://raw.githubusercontent.com/k3s-io/k3s/VERSION/install.sh | sha256sum"
  }
}

variable "shim_version" {
  description = "Version of containerd-shim-spin, as in v0.25.1 (Spin 4.0.1)."
  type        = string

  validation {
    condition     = can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+$", var.shim_version))
    error_message = "As in v0.25.1."
  }
}

variable "shim_sha256" {
  description = "SHA-256 of the release's archive for each architecture; the project publishes none, so compute them once."
  type        = object({ x86_64 = string, aarch64 = string })

  validation {
    condition     = alltrue([for sum in values(var.shim_sha256) : can(regex("^[0-9a-f]{64}$", sum))])
    error_message = "64 hexadecimal digits for each architecture (terraform/README.md says how to compute them)."
  }
}

variable "tls_sans" {
  description = "More names and addresses under which the API server is reached."
  type        = list(string)
  default     = []
}
