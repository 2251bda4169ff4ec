{{/* Plugins as they stand in routes. Defaults of APISIX are written out where they would be wrong. */}}

{{/* The shop's own tokens are checked here already; services check them again, and who may do what. While keys are
rotated, tokens that name another published key pass for the services to judge: JWT_PASS matches their beginning. */}}
{{- define "souk.gateway.jwt" -}}
jwt-auth:
  key_claim_name: iss
  claims_to_verify: [exp]
  hide_credentials: false
  _meta:
    filter: [[http_authorization, "!", "~~", "${{"{{"}}JWT_PASS}}"]]
{{- end }}

{{/* Counted in the cache server, for all replicas together. Without it nobody is held up. */}}
{{- define "souk.gateway.limit" -}}
limit-count:
  count: {{ .count }}
  time_window: {{ .window }}
  key_type: var
  key: remote_addr
  rejected_code: 429
  rejected_msg: "Too many requests: wait a little and try again."
  policy: redis
  redis_host: "${{"{{"}}CACHE_HOST}}"
  redis_port: 6379
  redis_password: "${{"{{"}}CACHE_PASSWORD}}"
  redis_timeout: 200
  allow_degradation: true
  show_limit_quota_header: true
{{- end }}

{{- define "souk.gateway.breaker" -}}
api-breaker:
  break_response_code: 503
  break_response_body: '{"type":"https://souk.example/problems/unavailable","title":"Unavailable","status":503,"detail":"This part of the shop does not answer. Try again in a moment."}'
  break_response_headers: [{key: Content-Type, value: application/problem+json}, {key: Retry-After, value: "5"}]
  max_breaker_sec: 30
  unhealthy: {http_statuses: [500, 502, 503, 504], failures: 10}
  healthy: {http_statuses: [200, 201, 202, 204, 304], successes: 2}
{{- end }}

{{/* Who somebody is stands in the token and nowhere else: headers that say so are taken away, those of jwt-auth too. */}}
{{- define "souk.gateway.clean" -}}
proxy-rewrite:
  headers:
    remove:
      - X-Consumer-Username
      - X-Consumer-Custom-ID
      - X-Credential-Identifier
      - X-Userinfo
      - X-User-Id
      - X-User-Email
      - X-User-Roles
      - X-Forwarded-User
      - X-Auth-Request-User
      - X-Auth-Request-Email
      - Spin-Client-Addr
{{- end }}

{{/* Answers to anybody, for as long as their Cache-Control allows. Who sends a token may see more, and is not served
from here. */}}
{{- define "souk.gateway.cache" -}}
proxy-cache:
  cache_strategy: disk
  cache_zone: disk_cache_one
  cache_key: ["$host", "$request_uri"]
  cache_method: [GET, HEAD]
  cache_http_status: [200]
  cache_bypass: ["$http_authorization"]
  no_cache: ["$http_authorization"]
  consumer_isolation: false
  hide_cache_headers: true
{{- end }}
