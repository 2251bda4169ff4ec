kubeconfig   = "~/.kube/souk-production"
kube_context = "souk-production"
account_id   = "00000000000000000000000000000000"
zone_id      = "00000000000000000000000000000000"
tunnel_name  = "souk-production"
hostnames    = ["shop.souk.example"]
