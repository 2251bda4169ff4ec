output "kubeconfig" {
  description = "Path of the kubeconfig: the variable `kubeconfig` of the other stacks."
  value       = var.kubeconfig
  depends_on  = [terraform_data.kubeconfig]
}

output "kube_context" {
  description = "Context in it: the variable `kube_context` of the other stacks."
  value       = var.cluster_name
}

output "nodes" {
  description = "All nodes and their addresses."
  value = merge(
    { (local.first.name) = module.first_server.address },
    { for name, host in module.servers : name => host.address },
    { for name, host in module.agents : name => host.address },
  )
}
