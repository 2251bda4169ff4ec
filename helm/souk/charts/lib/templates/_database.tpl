{{/* Postgres by CloudNativePG. Each service has a database and a role of the same name that owns it; the relay's role
reads and empties outboxes. Passwords come from Secrets that are made beforehand. */}}

{{/* A service's own cluster. */}}
{{- define "souk.ownDatabase" -}}
{{- $pods := include "souk.mostPods" .settings | int -}}
{{ include "souk.databaseObjects" (dict "root" .root "name" (printf "%s-db" .name) "databases" (dict .name .spin.database) "pods" $pods) }}
{{- end }}

{{/* How many pods a service has at most. */}}
{{- define "souk.mostPods" -}}
{{- ternary .autoscaling.max .replicas .autoscaling.enabled -}}
{{- end }}

{{/* A size of Kubernetes or Postgres, as in 2Gi or 512MB, in megabytes of 2^20 bytes. */}}
{{- define "souk.megabytes" -}}
{{- $number := regexFind "^[0-9]+" . | int -}}
{{- $unit := regexFind "[A-Za-z]*$" . -}}
{{- if has $unit (list "Gi" "GB" "G") }}{{ mul $number 1024 }}
{{- else if has $unit (list "Mi" "MB" "M") }}{{ $number }}
{{- else }}{{ fail (printf "%s: write it in Gi or Mi (Postgres: GB or MB)" .) }}
{{- end }}
{{- end }}

{{/* root, name of the cluster, databases (service to database), pods: how many processes of services connect to it. */}}
{{- define "souk.databaseObjects" -}}
{{- $postgres := .root.Values.global.postgres -}}
{{- $first := keys .databases | sortAlpha | first -}}
{{- $connections := add (mul 64 .pods) 40 -}}
{{/* A connection that was used keeps 5 MB (docs/capacity.md); what does not fit ends with the kernel killing the database. */}}
{{- $needed := add (mul 5 $connections) (include "souk.megabytes" ($postgres.parameters.shared_buffers | default "128MB") | int) -}}
{{- $limit := include "souk.megabytes" (dig "limits" "memory" "0Mi" $postgres.resources) | int -}}
{{- if and $limit (gt $needed $limit) }}
{{- fail (printf "%s: %d connections (64 for each of %d pods, and 40) and shared_buffers need %d Mi, its limit is %d Mi: raise global.postgres.resources.limits.memory, or lower autoscaling.max" .name $connections .pods $needed $limit) }}
{{- end -}}
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  instances: {{ $postgres.instances }}
  imageName: {{ $postgres.image }}
  {{- if gt (int $postgres.instances) 1 }}
  # A commit is on two machines before it is answered; with one of them lost, the shop goes on.
  postgresql:
    synchronous: {method: any, number: 1, dataDurability: preferred}
  {{- else }}
  postgresql:
  {{- end }}
    parameters:
      # Spin keeps up to 64 connections to a database in each pod; relay, migration and operator want some, too.
      max_connections: {{ $connections | quote }}
      {{- range $key, $value := $postgres.parameters }}
      {{ $key }}: {{ $value | toString | quote }}
      {{- end }}
  {{- $restored := get $postgres.restored .name }}
  bootstrap:
    {{- if $restored }}
    # From its backup, up to that moment or, without one, all that there is (docs/operate.md).
    recovery:
      source: backup
      database: {{ get .databases $first }}
      owner: {{ get .databases $first }}
      secret: {name: souk-{{ $first }}-db}
      {{- with $restored.targetTime }}
      recoveryTarget: {targetTime: {{ . | quote }}}
      {{- end }}
    {{- else }}
    initdb:
      database: {{ get .databases $first }}
      owner: {{ get .databases $first }}
      encoding: UTF8
      # As on one machine. CloudNativePG's own choice, C, knows no letters but English ones: nobody would find "Çini" by
      # "çini".
      localeCollate: C.UTF-8
      localeCType: C.UTF-8
      secret: {name: souk-{{ $first }}-db}
    {{- end }}
  {{- with $restored }}
  externalClusters:
    - name: backup
      plugin:
        name: barman-cloud.cloudnative-pg.io
        parameters: {barmanObjectName: {{ required (printf "%s comes from a backup: say where that is in global.postgres.backup.objectStore" $.name) $postgres.backup.objectStore }}, serverName: {{ .from | quote }}}
  {{- end }}
  managed:
    roles:
      - name: souk_relay
        ensure: present
        login: true
        passwordSecret: {name: souk-relay-db}
      {{- range $service := keys .databases | sortAlpha }}
      {{- if ne $service $first }}
      - name: {{ get $.databases $service }}
        ensure: present
        login: true
        passwordSecret: {name: souk-{{ $service }}-db}
      {{- end }}
      {{- end }}
  storage:
    size: {{ $postgres.storage.size }}
    {{- with $postgres.storage.class }}
    storageClass: {{ . }}
    {{- end }}
  resources:
    {{- toYaml $postgres.resources | nindent 4 }}
  {{- with $postgres.backup.objectStore }}
  plugins:
    - name: barman-cloud.cloudnative-pg.io
      isWALArchiver: true
      parameters:
        barmanObjectName: {{ . }}
        {{- with $restored }}
        # A history of its own: what the one before wrote is never written over.
        serverName: {{ .as | quote }}
        {{- end }}
  {{- end }}
{{- range $service := keys .databases | sortAlpha }}
{{- if ne $service $first }}
---
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata:
  name: {{ $service }}
  labels:
    {{- include "souk.labels" $.root | nindent 4 }}
spec:
  cluster: {name: {{ $.name }}}
  name: {{ get $.databases $service }}
  owner: {{ get $.databases $service }}
  encoding: UTF8
  localeCollate: C.UTF-8
  localeCType: C.UTF-8
  template: template0
  databaseReclaimPolicy: retain
{{- end }}
{{- end }}
{{- if $postgres.backup.objectStore }}
---
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  cluster: {name: {{ .name }}}
  # Seconds come first.
  schedule: {{ $postgres.backup.schedule | quote }}
  backupOwnerReference: self
  method: plugin
  pluginConfiguration: {name: barman-cloud.cloudnative-pg.io}
{{- end }}
---
{{ include "souk.databaseNetworkPolicy" . }}
{{- if .root.Values.global.monitoring.enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  selector: {matchLabels: {cnpg.io/cluster: {{ .name }}}}
  podMetricsEndpoints: [{port: metrics}]
{{- end }}
{{- end }}

{{/* Who reaches a database: the services whose data is in it, relay and migration; its instances replicate from each other.
What every database needs besides stands in a policy for all of them (helm/souk/templates/databases.yaml). */}}
{{- define "souk.databaseNetworkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "souk.labels" .root | nindent 4 }}
spec:
  podSelector: {matchLabels: {cnpg.io/cluster: {{ .name }}}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        {{- range $service := keys .databases | sortAlpha }}
        - podSelector: {matchLabels: {souk.dev/name: {{ $service }}}}
        {{- end }}
        - podSelector: {matchLabels: {souk.dev/name: relay}}
        - podSelector: {matchLabels: {souk.dev/name: migrate}}
      ports: [{protocol: TCP, port: 5432}]
    - from:
        - podSelector: {matchLabels: {cnpg.io/cluster: {{ .name }}}}
      ports: [{protocol: TCP, port: 5432}, {protocol: TCP, port: 8000}]
  egress:
    - to:
        - podSelector: {matchLabels: {cnpg.io/cluster: {{ .name }}}}
      ports: [{protocol: TCP, port: 5432}, {protocol: TCP, port: 8000}]
{{- end }}
