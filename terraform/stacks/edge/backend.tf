# The state may hold a secret (the tunnel's token does), so it is encrypted, locked, and read by operators alone. Bucket and region
# are the environment's: terraform init -backend-config=../../environments/ENV/backend.hcl -backend-config=key=souk/ENV/edge.tfstate
terraform {
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
