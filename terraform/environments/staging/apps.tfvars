kubeconfig       = "~/.kube/souk-staging"
kube_context     = "souk-staging"
release          = "0.1.0"
shop_url         = "https://staging.souk.example"
object_store     = ""
gateway_replicas = { min = 1, max = 2 }
trace_fraction   = 1

values = {
  global = {
    postgres = { mode = "shared", instances = 1 }
    service  = { replicas = 1, autoscaling = { enabled = true, min = 1, max = 2, cpu = 70, lag = 500 } }
  }
}
