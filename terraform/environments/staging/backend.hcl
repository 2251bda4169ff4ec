# terraform init -backend-config=this file: where the states of staging are.
bucket = "souk-terraform-staging"
region = "eu-central-1"
