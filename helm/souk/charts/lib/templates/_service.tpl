{{/* Everything of one service: its application, autoscaling, disruption budget, network policy and database. Its
spin.yaml says what spin.toml says of it; its values are merged over `global.service`. */}}

{{- define "souk.settings" -}}
{{- mergeOverwrite (deepCopy .Values.global.service) (omit .Values "global" "enabled") | toYaml -}}
{{- end }}

{{- define "souk.service" -}}
{{- $spin := .Files.Get "spin.yaml" | fromYaml -}}
{{- $settings := include "souk.settings" . | fromYaml -}}
{{- $facts := dict "root" . "spin" $spin "settings" $settings "name" .Chart.Name -}}
{{ include "souk.spinApp" $facts }}
---
{{ include "souk.networkPolicy" $facts }}
{{- if $settings.autoscaling.enabled }}
---
{{ include "souk.scaledObject" $facts }}
---
{{ include "souk.disruptionBudget" (dict "root" . "name" .Chart.Name) }}
{{- end }}
{{- if and $spin.database (eq .Values.global.postgres.mode "perService") }}
---
{{ include "souk.ownDatabase" $facts }}
{{- end }}
{{- end }}

{{/* The least that stays up while nodes are drained. */}}
{{- define "souk.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "souk.podLabels" .name | nindent 6 }}
{{- end }}
