variable "cluster_name" {
  description = "Name of the cluster, and of its context in the kubeconfig."
  type        = string
}

variable "servers" {
  description = "Control plane: one or three hosts, which also run workloads."
  type = list(object({
    name    = string
    address = string
    labels  = optional(map(string), {})
  }))

  validation {
    condition     = contains([1, 3, 5], length(var.servers))
    error_message = "etcd wants an odd number of servers: 1, 3 or 5."
  }
}

variable "agents" {
  description = "Hosts that run workloads only."
  type = list(object({
    name    = string
    address = string
    labels  = optional(map(string), {})
  }))
  default = []
}

variable "ssh" {
  description = "How hosts are reached. The key and the known host keys are paths."
  type = object({
    user             = string
    private_key_path = string
    known_hosts_path = string
    port             = optional(number, 22)
  })
}

variable "k3s_version" {
  description = "Exact version of k3s."
  type        = string
  default     = "v1.35.5+k3s1"
}

variable "k3s_installer_sha256" {
  description = "SHA-256 of install.sh at that version's tag."
  type        = string
}

variable "shim_version" {
  description = "Version of containerd-shim-spin (v0.25.1 is Spin 4.0.1)."
  type        = string
  default     = "v0.25.1"
}

variable "shim_sha256" {
  description = "SHA-256 of the shim's archives."
  type        = object({ x86_64 = string, aarch64 = string })
}

variable "api_names" {
  description = "Names and addresses of the API server besides the hosts' own; the first one goes into the kubeconfig."
  type        = list(string)
  default     = []
}

variable "kubeconfig" {
  description = "Where the kubeconfig is written on this machine."
  type        = string
}
