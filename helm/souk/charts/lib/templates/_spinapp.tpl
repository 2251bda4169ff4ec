{{/* One component of the application's OCI artifact. The operator makes a Deployment and a Service of this name. */}}
{{- define "souk.spinApp" -}}
{{- $global := .root.Values.global -}}
apiVersion: core.spinkube.dev/v1alpha1
kind: SpinApp
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  image: {{ printf "%s:%s" $global.image.application $global.tag | quote }}
  {{- include "souk.pullSecrets" .root | nindent 2 }}
  executor: {{ $global.executor }}
  {{- if .settings.autoscaling.enabled }}
  enableAutoscaling: true
  {{- else }}
  replicas: {{ .settings.replicas }}
  {{- end }}
  components: [{{ .spin.component | quote }}]
  serviceAccountName: souk
  podLabels:
    {{- include "souk.podLabels" .name | nindent 4 }}
    app.kubernetes.io/part-of: souk
  {{- with $global.restart }}
  # Secrets and variables are read when a pod starts: another value here starts them anew.
  podAnnotations: {souk.dev/restart: {{ . | quote }}}
  {{- end }}
  resources:
    {{- toYaml .settings.resources | nindent 4 }}
  invocationLimits: {memory: {{ .settings.instanceMemory }}}
  checks:
    {{- $api := first .spin.routes | trimSuffix "/..." }}
    readiness:
      httpGet: {path: {{ ternary (printf "%s/readyz" $api) "/.well-known/spin/health" (ne .spin.database "") }}}
      initialDelaySeconds: 2
      periodSeconds: 5
      timeoutSeconds: 3
    liveness:
      httpGet: {path: {{ ternary (printf "%s/healthz" $api) "/.well-known/spin/health" (ne .spin.database "") }}}
      # The first start on a node compiles the component.
      initialDelaySeconds: 20
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
  variables:
    {{- range .spin.variables }}
    {{- include "souk.variable" (dict "root" $.root "name" .name "service" $.name) | nindent 4 }}
    {{- end }}
    # Required of the application, but used by other components alone.
    {{- range .spin.unused }}
    - {name: {{ . }}, value: unused}
    {{- end }}
{{- end }}

{{/* Where a variable of spin.toml gets its value in a cluster. A list item, or nothing: then spin.toml's default holds. */}}
{{- define "souk.variable" -}}
{{- $global := .root.Values.global -}}
{{- if eq .name "redis_host" }}
- {name: redis_host, value: {{ include "souk.streamsHost" .root | quote }}}
{{- else if eq .name "cache_host" }}
- {name: cache_host, value: {{ include "souk.cacheHost" .root | quote }}}
{{- else if eq .name "redis_auth" }}
- name: redis_auth
  valueFrom: {secretKeyRef: {name: souk-streams, key: auth}}
{{- else if eq .name "cache_auth" }}
- name: cache_auth
  valueFrom: {secretKeyRef: {name: souk-cache, key: auth}}
{{- else if eq .name "pg_options" }}
- {name: pg_options, value: {{ $global.postgres.options | quote }}}
{{- else if hasSuffix "_pg_host" .name }}
- {name: {{ .name }}, value: {{ include "souk.databaseHost" (list .root (trimSuffix "_pg_host" .name)) | quote }}}
{{- else if hasSuffix "_pg_password" .name }}
- name: {{ .name }}
  valueFrom: {secretKeyRef: {name: souk-{{ trimSuffix "_pg_password" .name }}-db, key: password}}
{{- else if eq .name "jwks" }}
- name: jwks
  valueFrom: {configMapKeyRef: {name: souk-token-keys, key: jwks}}
{{- else if eq .name "signing_key" }}
- name: signing_key
  valueFrom: {secretKeyRef: {name: souk-signing-key, key: signing_key}}
{{- else if eq .name "gateway_webhook_secret" }}
- name: gateway_webhook_secret
  valueFrom: {secretKeyRef: {name: souk-payment-gateway, key: webhook_secret, optional: true}}
{{- else if eq .name "trusted_proxy" }}
# The network policy lets nobody but the gateway in.
- {name: trusted_proxy, value: "true"}
{{- else if eq .name "shop_url" }}
- {name: shop_url, value: {{ $global.shopUrl | quote }}}
{{- else if hasKey $global.variables .name }}
- {name: {{ .name }}, value: {{ get $global.variables .name | toString | quote }}}
{{- end }}
{{- end }}
