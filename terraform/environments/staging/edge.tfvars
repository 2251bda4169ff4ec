kubeconfig   = "~/.kube/souk-staging"
kube_context = "souk-staging"
account_id   = "00000000000000000000000000000000"
zone_id      = "00000000000000000000000000000000"
tunnel_name  = "souk-staging"
hostnames    = ["staging.souk.example"]
