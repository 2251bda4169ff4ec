kubeconfig   = "~/.kube/souk-production"
kube_context = "souk-production"
release      = "0.1.0"
shop_url     = "https://shop.souk.example"
