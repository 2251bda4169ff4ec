{{/* One ScaledObject for each service, with all its triggers: KEDA makes the only HorizontalPodAutoscaler. Processor time
answers to requests, the lag of its consumer group on each stream to events. */}}
{{- define "souk.scaledObject" -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  # The Deployment that the operator makes: a SpinApp itself cannot be scaled.
  scaleTargetRef: {name: {{ .name }}}
  pollingInterval: 10
  cooldownPeriod: 120
  minReplicaCount: {{ .settings.autoscaling.min }}
  maxReplicaCount: {{ .settings.autoscaling.max }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleDown: {stabilizationWindowSeconds: 300}
  triggers:
    - type: cpu
      metricType: Utilization
      metadata: {value: {{ .settings.autoscaling.cpu | quote }}}
    {{- range .spin.streams }}
    - type: redis-streams
      metadata:
        address: {{ include "souk.streamsHost" $.root | quote }}
        stream: {{ . | quote }}
        consumerGroup: {{ $.spin.component | quote }}
        lagCount: {{ $.settings.autoscaling.lag | quote }}
        databaseIndex: "0"
      authenticationRef: {name: souk-streams}
    {{- end }}
{{- end }}
