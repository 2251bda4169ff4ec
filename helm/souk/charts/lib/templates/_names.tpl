{{/* Names and labels. A service's objects have its own name: Souk has a namespace to itself. */}}

{{- define "souk.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/part-of: souk
app.kubernetes.io/version: {{ .Values.global.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* A Service's address inside the cluster: "souk.address" (list . "order") */}}
{{- define "souk.address" -}}
{{- $root := index . 0 -}}
{{- printf "%s.%s.svc.%s" (index . 1) $root.Release.Namespace $root.Values.global.clusterDomain -}}
{{- end }}

{{/* The cluster of a service's database: its own, or the one that all share. */}}
{{- define "souk.databaseCluster" -}}
{{- $root := index . 0 -}}
{{- ternary "souk-db" (printf "%s-db" (index . 1)) (eq $root.Values.global.postgres.mode "shared") -}}
{{- end }}

{{/* host:port of a service's database. */}}
{{- define "souk.databaseHost" -}}
{{- $cluster := include "souk.databaseCluster" . -}}
{{- printf "%s:5432" (include "souk.address" (list (index . 0) (printf "%s-rw" $cluster))) -}}
{{- end }}

{{- define "souk.streamsHost" -}}
{{- printf "%s:6379" (include "souk.address" (list . "streams")) -}}
{{- end }}

{{- define "souk.cacheHost" -}}
{{- printf "%s:6379" (include "souk.address" (list . "cache")) -}}
{{- end }}

{{/* Labels that select the pods of a service, whoever makes them. */}}
{{- define "souk.podLabels" -}}
souk.dev/name: {{ . }}
{{- end }}

{{/* What a restricted namespace asks of a container of ours. */}}
{{- define "souk.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "souk.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "souk.pullSecrets" -}}
{{- with .Values.global.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}
