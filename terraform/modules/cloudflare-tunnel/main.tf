# The way in: a tunnel from Cloudflare to the gateway and to nothing else, so that the cluster needs no open port. Two
# connectors run in the cluster.
terraform {
  required_version = ">= 1.11"
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare", version = "~> 5.22" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

resource "cloudflare_zero_trust_tunnel_cloudflared" "edge" {
  account_id = var.account_id
  name       = var.name
  config_src = "cloudflare"
}

resource "cloudflare_zero_trust_tunnel_cloudflared_config" "edge" {
  account_id = var.account_id
  tunnel_id  = cloudflare_zero_trust_tunnel_cloudflared.edge.id
  config = {
    ingress = concat(
      [for hostname in var.hostnames : { hostname = hostname, service = var.origin }],
      # Whatever else arrives: last, and without a hostname.
      [{ service = "http_status:404" }],
    )
  }
}

resource "cloudflare_dns_record" "shop" {
  for_each = toset(var.hostnames)

  zone_id = var.zone_id
  name    = each.key
  type    = "CNAME"
  content = "${cloudflare_zero_trust_tunnel_cloudflared.edge.id}.cfargotunnel.com"
  proxied = true
  # 1 is "automatic", and the only value for a proxied record.
  ttl = 1
}

# The provider gives the token as a data source alone, so it stands in the state: keep that where backend.tf says, and read
# by nobody else.
data "cloudflare_zero_trust_tunnel_cloudflared_token" "edge" {
  account_id = var.account_id
  tunnel_id  = cloudflare_zero_trust_tunnel_cloudflared.edge.id
}

resource "kubernetes_namespace_v1" "edge" {
  metadata { name = var.namespace }
}

resource "kubernetes_secret_v1" "token" {
  metadata {
    name      = "tunnel"
    namespace = kubernetes_namespace_v1.edge.metadata[0].name
  }
  # Write-only: not a second time in the state. Raise token_revision after the tunnel's secret was rotated.
  data_wo          = { token = data.cloudflare_zero_trust_tunnel_cloudflared_token.edge.token }
  data_wo_revision = var.token_revision
}

resource "kubernetes_deployment_v1" "cloudflared" {
  metadata {
    name      = "cloudflared"
    namespace = kubernetes_namespace_v1.edge.metadata[0].name
  }

  spec {
    replicas = var.replicas
    selector { match_labels = { "app.kubernetes.io/name" = "cloudflared" } }

    template {
      metadata {
        labels      = { "app.kubernetes.io/name" = "cloudflared" }
        annotations = { "souk.dev/token-revision" = tostring(var.token_revision) }
      }

      spec {
        automount_service_account_token = false

        security_context {
          run_as_non_root = true
          run_as_user     = 65532
          seccomp_profile { type = "RuntimeDefault" }
        }

        topology_spread_constraint {
          max_skew           = 1
          topology_key       = "kubernetes.io/hostname"
          when_unsatisfiable = "ScheduleAnyway"
          label_selector { match_labels = { "app.kubernetes.io/name" = "cloudflared" } }
        }

        container {
          name  = "cloudflared"
          image = "cloudflare/cloudflared:${var.cloudflared_version}"
          args  = ["tunnel", "--no-autoupdate", "--metrics", "0.0.0.0:2000", "run"]

          env {
            name = "TUNNEL_TOKEN"
            value_from {
              secret_key_ref {
                name = kubernetes_secret_v1.token.metadata[0].name
                key  = "token"
              }
            }
          }

          port {
            name           = "metrics"
            container_port = 2000
          }

          readiness_probe {
            http_get {
              path = "/ready"
              port = "metrics"
            }
          }

          liveness_probe {
            failure_threshold     = 3
            initial_delay_seconds = 10
            http_get {
              path = "/ready"
              port = "metrics"
            }
          }

          resources {
            requests = { cpu = "50m", memory = "64Mi" }
            limits   = { memory = "256Mi" }
          }

          security_context {
            allow_privilege_escalation = false
            read_only_root_filesystem  = true
            capabilities { drop = ["ALL"] }
          }
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "cloudflared" {
  metadata {
    name      = "cloudflared"
    namespace = kubernetes_namespace_v1.edge.metadata[0].name
  }
  spec {
    min_available = "1"
    selector { match_labels = { "app.kubernetes.io/name" = "cloudflared" } }
  }
}
