{{/* config.yaml: how the gateway itself runs. No Admin API and no etcd: its configuration is these two files. */}}
{{- define "souk.gateway.config" -}}
deployment:
  role: data_plane
  role_data_plane: {config_provider: yaml}
apisix:
  enable_admin: false
  node_listen: [9080]
  enable_server_tokens: false
  # For routes such as /api/catalog/products/:slug_or_id.
  router: {http: radixtree_uri_with_parameter}
  normalize_uri_like_servlet: false
  delete_uri_tail_slash: false
  proxy_cache:
    cache_ttl: 5s
    zones:
      - {name: disk_cache_one, memory_size: 32m, disk_size: 512m, disk_path: /tmp/disk_cache_one, cache_levels: "1:2"}
nginx_config:
  error_log_level: warn
  envs: [JWT_PUBLIC_KEY, JWT_PASS, CACHE_HOST, CACHE_PASSWORD]
  http:
    # The largest body that any route takes.
    client_max_body_size: {{ int .Values.largeBodies.limit }}
    access_log_format: '{"at":"$time_iso8601","client":"$remote_addr","request":"$request_method $uri","status":$status,"seconds":$request_time,"upstream_seconds":"$upstream_response_time","request_id":"$http_x_request_id","traceparent":"$http_traceparent"}'
    access_log_format_escape: json
plugin_attr:
  prometheus:
    export_addr: {ip: 0.0.0.0, port: 9091}
# This list replaces APISIX's own.
plugins:
  - real-ip
  - client-control
  - request-id
  - fault-injection
  - opentelemetry
  - cors
  - jwt-auth
  - proxy-cache
  - proxy-rewrite
  - api-breaker
  - limit-count
  - prometheus
{{- end }}
