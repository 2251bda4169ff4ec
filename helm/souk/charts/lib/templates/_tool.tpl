{{/* A Deployment of one of the host tools, its Service for metrics, its budget and its monitor.
root, name, program, port, args (list), env (a template's name), volumes and mounts (lists), ready (path), strategy. */}}
{{- define "souk.tool" -}}
{{- $values := .root.Values -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  replicas: {{ $values.replicas }}
  selector:
    matchLabels:
      {{- include "souk.podLabels" .name | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "souk.podLabels" .name | nindent 8 }}
        app.kubernetes.io/part-of: souk
      annotations:
        souk.dev/restart: {{ $values.global.restart | quote }}
        {{- with .checksum }}
        checksum/config: {{ . }}
        {{- end }}
    spec:
      serviceAccountName: souk
      automountServiceAccountToken: false
      {{- include "souk.pullSecrets" .root | nindent 6 }}
      terminationGracePeriodSeconds: 30
      securityContext:
        {{- include "souk.podSecurity" 65532 | nindent 8 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "souk.podLabels" .name | nindent 14 }}
      containers:
        - name: {{ .name }}
          image: {{ printf "%s:%s" $values.global.image.tools $values.global.tag | quote }}
          command: [{{ .program }}]
          args:
            {{- toYaml .args | nindent 12 }}
          env:
            {{- include .env .root | nindent 12 }}
            {{- with $values.global.otlpEndpoint }}
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
            {{- end }}
          ports: [{name: metrics, containerPort: {{ .port }}}]
          readinessProbe:
            httpGet: {path: {{ .ready }}, port: metrics}
            periodSeconds: 5
            timeoutSeconds: 3
          livenessProbe:
            httpGet: {path: /healthz, port: metrics}
            initialDelaySeconds: 10
            periodSeconds: 10
            timeoutSeconds: 5
          securityContext:
            {{- include "souk.containerSecurity" .root | nindent 12 }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            {{- toYaml .mounts | nindent 12 }}
      volumes:
        {{- toYaml .volumes | nindent 8 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  selector:
    {{- include "souk.podLabels" .name | nindent 4 }}
  ports: [{name: metrics, port: {{ .port }}, targetPort: metrics}]
{{- if gt (int $values.replicas) 1 }}
---
{{ include "souk.disruptionBudget" (dict "root" .root "name" .name) }}
{{- end }}
{{- if $values.global.monitoring.enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: {{ .name }}}}
  endpoints: [{port: metrics, interval: 15s}]
{{- end }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "souk.podLabels" .name | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ $values.global.monitoring.namespace }}}}
      ports: [{protocol: TCP, port: {{ .port }}}]
  egress:
    {{- include "souk.egressBasics" .root | nindent 4 }}
    - to:
        - podSelector: {matchLabels: {souk.dev/name: streams}}
      ports: [{protocol: TCP, port: 6379}]
    {{- with .egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
