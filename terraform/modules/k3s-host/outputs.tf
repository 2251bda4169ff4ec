output "address" {
  description = "The host's address, once it is part of the cluster."
  value       = var.host.address
  depends_on  = [terraform_data.install]
}

output "name" {
  description = "The node's name."
  value       = var.host.name
}
