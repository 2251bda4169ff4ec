# terraform init -backend-config=this file: where the states of production are.
bucket = "souk-terraform-production"
region = "eu-central-1"
