{{/* apisix.yaml: what the gateway does with each request. Made of routes.yaml, which is made from spin.toml and the OpenAPI
documents. Every trigger has a route that wants a token; operations that anybody may call have routes of their own, and so
have operations with a limit of their own. Each route has its limit in itself: APISIX counts the requests of all routes
together whose limit stands in a plugin_config that they share. */}}
{{- define "souk.gateway.routes" -}}
{{- $facts := .Files.Get "routes.yaml" | fromYaml -}}
{{- $values := .Values -}}
{{- $services := dict -}}
{{- $placed := dict -}}
{{- range $facts.routes }}{{- $_ := set $services .service (trimSuffix "/..." .route) }}{{- end -}}
upstreams:
  {{- range $service := keys $services | sortAlpha }}
  - id: {{ $service }}
    type: roundrobin
    scheme: http
    pass_host: pass
    retries: 1
    # A stream of events ends by itself within a minute.
    timeout: {connect: 3, send: 15, read: 75}
    keepalive_pool: {size: 256, idle_timeout: 30, requests: 1000}
    nodes: {"{{ include "souk.address" (list $ $service) }}:80": 1}
  {{- end }}
plugin_configs:
  - id: api
    plugins:
      {{- include "souk.gateway.breaker" $ | nindent 6 }}
      {{- include "souk.gateway.clean" $ | nindent 6 }}
      client-control: {max_body_size: {{ int $values.bodyLimit }}}
  - id: storefront
    plugins:
      {{- include "souk.gateway.breaker" $ | nindent 6 }}
      {{- include "souk.gateway.clean" $ | nindent 6 }}
      client-control: {max_body_size: {{ int $values.bodyLimit }}}
routes:
  # --- nobody's business outside ---
  {{- range $path := $values.internal }}
  - id: internal{{ $path | replace "/" "-" }}
    uri: {{ $path | quote }}
    priority: 100
    plugins:
      fault-injection:
        abort: {http_status: 404, body: '{"type":"about:blank","title":"Not Found","status":404}'}
  {{- end }}
  # --- large bodies, with a token ---
  {{- range $values.largeBodies.routes }}
  - id: large{{ .path | replace "/" "-" }}
    uri: {{ .path | quote }}
    methods: [POST]
    priority: 20
    plugin_config_id: api
    upstream_id: {{ .service }}
    plugins:
      {{- include "souk.gateway.limit" (get $values.limits .path | default $values.limits.api) | nindent 6 }}
      {{- include "souk.gateway.jwt" $ | nindent 6 }}
      client-control: {max_body_size: {{ int $values.largeBodies.limit }}}
  {{- $_ := set $placed .path true }}
  {{- end }}
  # --- for anybody ---
  {{- range $open := concat $facts.open $values.alsoOpen }}
  {{- if not (has $open.path $values.internal) }}
  {{- $uri := regexReplaceAll "\\{([a-z_]+)\\}" $open.path ":${1}" }}
  {{- $targets := list }}
  {{- range $service := keys $services | sortAlpha }}
  {{- $prefix := get $services $service }}
  {{- if and $prefix (or (eq $uri $prefix) (hasPrefix (printf "%s/" $prefix) $uri)) }}{{- $targets = append $targets $service }}{{- end }}
  {{- end }}
  {{- if hasPrefix "/api/:api/" $uri }}
  {{- range $service := keys $services | sortAlpha }}
  {{- $prefix := get $services $service }}
  {{- if $prefix }}
  - id: open{{ replace "/api/:api" $prefix $uri | replace "/" "-" }}
    uri: {{ replace "/api/:api" $prefix $uri | quote }}
    methods: [GET, HEAD]
    priority: 10
    plugin_config_id: api
    upstream_id: {{ $service }}
    plugins:
      {{- include "souk.gateway.limit" $values.limits.api | nindent 6 }}
  {{- end }}
  {{- end }}
  {{- else }}
  {{- $service := required (printf "no trigger of spin.toml serves %s" $uri) (first $targets) }}
  - id: open{{ $uri | replace "/" "-" | replace ":" "" }}
    uri: {{ $uri | quote }}
    methods: {{ ternary (concat $open.methods (list "HEAD")) $open.methods (has "GET" $open.methods) | toJson }}
    priority: 10
    plugin_config_id: api
    upstream_id: {{ $service }}
    plugins:
      {{- include "souk.gateway.limit" (get $values.limits $open.path | default $values.limits.api) | nindent 6 }}
      {{- if and (eq $service "catalog") (has "GET" $open.methods) }}
      {{- include "souk.gateway.cache" $ | nindent 6 }}
      {{- end }}
  {{- $_ := set $placed $open.path true }}
  {{- end }}
  {{- end }}
  {{- end }}
  # --- with a token, and a limit of its own ---
  {{- range $path, $limit := $values.limits }}
  {{- if and (hasPrefix "/" $path) (not (hasKey $placed $path)) }}
  {{- $uri := regexReplaceAll "\\{([a-z_]+)\\}" $path ":${1}" }}
  {{- $targets := list }}
  {{- range $service := keys $services | sortAlpha }}
  {{- $prefix := get $services $service }}
  {{- if and $prefix (hasPrefix (printf "%s/" $prefix) $uri) }}{{- $targets = append $targets $service }}{{- end }}
  {{- end }}
  - id: limited{{ $uri | replace "/" "-" | replace ":" "" }}
    uri: {{ $uri | quote }}
    priority: 10
    plugin_config_id: api
    upstream_id: {{ required (printf "limits: no trigger of spin.toml serves %s" $path) (first $targets) }}
    plugins:
      {{- include "souk.gateway.limit" $limit | nindent 6 }}
      {{- include "souk.gateway.jwt" $ | nindent 6 }}
  {{- end }}
  {{- end }}
  # --- with a token ---
  {{- range $service := keys $services | sortAlpha }}
  {{- $prefix := get $services $service }}
  {{- if $prefix }}
  - id: {{ $service }}
    uris: [{{ $prefix | quote }}, {{ printf "%s/*" $prefix | quote }}]
    priority: 0
    plugin_config_id: api
    upstream_id: {{ $service }}
    plugins:
      {{- include "souk.gateway.limit" $values.limits.api | nindent 6 }}
      {{- include "souk.gateway.jwt" $ | nindent 6 }}
  {{- else }}
  # The shop's pages.
  - id: {{ $service }}
    uri: "/*"
    methods: [GET, HEAD]
    priority: -10
    plugin_config_id: storefront
    upstream_id: {{ $service }}
    plugins:
      {{- include "souk.gateway.limit" $values.limits.storefront | nindent 6 }}
  {{- end }}
  {{- end }}
consumers:
  # Whoever signs the shop's tokens: one key. An empty or missing one lets nobody in.
  - username: souk
    plugins:
      jwt-auth:
        key: {{ .Values.global.variables.token_issuer | default "souk" | quote }}
        algorithm: EdDSA
        public_key: "$env://JWT_PUBLIC_KEY"
global_rules:
  - id: everywhere
    plugins:
      real-ip:
        source: {{ $values.realIpHeader }}
        trusted_addresses: {{ $values.trustedAddresses | toJson }}
        recursive: true
      request-id: {header_name: X-Request-Id, algorithm: uuidv7, include_in_response: true}
      cors:
        allow_origins: {{ prepend $values.alsoAllowedOrigins .Values.global.shopUrl | join "," | quote }}
        allow_methods: "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS"
        allow_headers: "authorization,content-type,idempotency-key,if-match,if-none-match,last-event-id,souk-session,traceparent,tracestate,x-request-id"
        expose_headers: "etag,location,retry-after,x-request-id,traceparent,x-ratelimit-limit,x-ratelimit-remaining,x-ratelimit-reset"
        allow_credential: true
        max_age: 600
      prometheus: {prefer_name: true}
      {{- if .Values.global.otlpEndpoint }}
      opentelemetry:
        sampler:
          name: parent_base
          options: {root: {name: trace_id_ratio, options: {fraction: {{ $values.traceFraction }}}}}
      {{- end }}
{{- if .Values.global.otlpEndpoint }}
plugin_metadata:
  - id: opentelemetry
    trace_id_source: random
    resource: {service.name: api-gateway}
    collector: {address: {{ .Values.global.otlpEndpoint | trimPrefix "http://" | quote }}, request_timeout: 3}
{{- end }}
#END
{{- end }}
