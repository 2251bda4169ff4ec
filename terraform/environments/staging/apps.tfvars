kubeconfig       = "~/.kube/souk-staging"
kube_context     = "souk-staging"
release          = "0.1.0"
shop_url         = "https://staging.souk.example"
object_store     = ""
gateway_replicas = { min = 1, max = 2 }
trace_fraction   = 1

values = {
  global = {
    # All services at their largest have 936 connections to it.
    postgres = { mode = "shared", instances = 1, resources = { limits = { memory = "6Gi" } } }
    service  = { replicas = 1, autoscaling = { enabled = true, min = 1, max = 2, cpu = 70, lag = 500 } }
  }
  # They have limits of their own in the chart's values.
  catalog   = { autoscaling = { max = 2 } }
  order     = { autoscaling = { max = 2 } }
  analytics = { autoscaling = { max = 2 } }
}
