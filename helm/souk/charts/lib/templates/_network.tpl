{{/* Network policies. What a service may reach is what spin.toml allows it: its database and its servers, and besides
them name resolution and the collector of traces. */}}

{{- define "souk.networkPolicy" -}}
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
        - podSelector: {matchLabels: {souk.dev/name: api-gateway}}
      ports: [{protocol: TCP, port: 80}]
    {{- if eq .name "analytics" }}
    # Business metrics are served by the service itself.
    - from:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ .root.Values.global.monitoring.namespace }}}}
      ports: [{protocol: TCP, port: 80}]
    {{- end }}
  egress:
    {{- include "souk.egressBasics" .root | nindent 4 }}
    {{- range .spin.outbound }}
    {{- include "souk.egressTo" (dict "root" $.root "service" $.name "server" .) | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "souk.egressBasics" -}}
- to:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
      podSelector: {matchLabels: {k8s-app: kube-dns}}
  ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
- to:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ .Values.global.monitoring.namespace }}}}
  ports: [{protocol: TCP, port: 4317}, {protocol: TCP, port: 4318}]
{{- end }}

{{- define "souk.egressTo" -}}
{{- if eq .server "postgres" -}}
- to:
    - podSelector: {matchLabels: {cnpg.io/cluster: {{ include "souk.databaseCluster" (list .root .service) }}}}
  ports: [{protocol: TCP, port: 5432}]
{{- else -}}
- to:
    - podSelector: {matchLabels: {souk.dev/name: {{ .server }}}}
  ports: [{protocol: TCP, port: 6379}]
{{- end }}
{{- end }}
