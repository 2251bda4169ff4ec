#!/usr/bin/env python3
"""Writes Grafana's dashboards, one JSON file each, from the lists below.

usage: monitoring/dashboards/generate.py            write the files
       monitoring/dashboards/generate.py --check    fail when a file is not what would be written
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
SOURCE = {"type": "prometheus", "uid": "${source}"}
# Grafana's grid is 24 units wide.
WIDTH, HEIGHT = 24, 8


def panel(title, *queries, unit="short", kind="timeseries", width=8, help=""):
    """A panel; each query is (expression, legend)."""
    targets = [
        {"refId": chr(ord("A") + place), "expr": expression, "legendFormat": legend, "datasource": SOURCE}
        for place, (expression, legend) in enumerate(queries)
    ]
    made = {
        "title": title,
        "type": kind,
        "datasource": SOURCE,
        "description": help,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "gridPos": {"w": width, "h": HEIGHT},
    }
    if kind == "stat":
        made["gridPos"]["h"] = 4
        made["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value"}
        for target in targets:
            target["instant"] = True
    else:
        made["options"] = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}
    return made


def stat(title, expression, unit="short", help="", steps=()):
    """One number. `steps` are (from, colour); without any it has no colour: Grafana's own would be red from 80 on, orders
    included."""
    made = panel(title, (expression, ""), unit=unit, kind="stat", width=4, help=help)
    colours = [(None, "green" if steps else "text"), *steps]
    made["fieldConfig"]["defaults"]["thresholds"] = {
        "mode": "absolute",
        "steps": [{"value": value, "color": colour} for value, colour in colours],
    }
    return made


def must_be(title, expression, least, unit="short"):
    """A number that is red below `least`."""
    made = stat(title, expression, unit=unit, steps=[(least, "green")])
    made["fieldConfig"]["defaults"]["thresholds"]["steps"][0]["color"] = "red"
    return made


def bad_from(warning, alarm=None):
    """Steps of a number that is bad when it is large. The alarm is where the alert is, if there is one."""
    return [(warning, "orange"), (alarm, "red")] if alarm is not None else [(warning, "red")]


def alerts():
    """What fires, by name: each has a page in docs/runbooks."""
    made = panel(
        "Alerts that fire (docs/runbooks has a page for each)",
        ('count by (severity, alertname, service, job, pod) (ALERTS{alertname=~"Souk.+",alertstate="firing"})', ""),
        kind="table", width=12,
        help="Nothing here: nothing fires.",
    )
    made["gridPos"]["h"] = 4
    made["options"] = {"showHeader": False}
    made["targets"][0].update(instant=True, format="table")
    made["transformations"] = [{"id": "organize", "options": {"excludeByName": {"Time": True, "Value": True}}}]
    return made


def dashboard(uid, title, panels):
    x = y = row = 0
    for number, placed in enumerate(panels, start=1):
        place = placed["gridPos"]
        if x + place["w"] > WIDTH:
            x, y, row = 0, y + row, 0
        place["x"], place["y"] = x, y
        x, row = x + place["w"], max(row, place["h"])
        placed["id"] = number
    return {
        "uid": uid,
        "title": title,
        "tags": ["souk"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "timezone": "browser",
        # The other dashboards, at the top, for the same time.
        "links": [{"title": "Souk", "type": "dashboards", "tags": ["souk"], "asDropdown": False, "includeVars": True, "keepTime": True}],
        "templating": {
            "list": [{"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}]
        },
        "panels": panels,
    }


# The analytics service answers with the totals of its database, whichever replica is asked: max, never sum, over them.
def total(metric, by, function="rate", window="5m"):
    return f"max by ({by}) ({function}({metric}[{window}]))"


def counted(metric, event, window):
    series = f'{metric}{{event="{event}"}}'
    return f"sum({total(series, 'event, reason', 'increase', window)})"


BUSINESS = [
    stat("Orders confirmed, 24 h", counted("souk_order_events_total", "confirmed", "24h")),
    stat("Pieces sold, 24 h", "max(increase(souk_units_sold_total[24h]))"),
    stat("Accounts, 24 h", "max(increase(souk_sign_ups_total[24h]))"),
    stat("SKUs out of stock", "max(souk_skus_out_of_stock)"),
    stat("Declined, 30 min", "souk:payments_declined:ratio30m or vector(0)", unit="percentunit", steps=bad_from(0.1, 0.3)),
    stat("Returns asked for, 24 h", "max(increase(souk_returns_requested_total[24h]))"),
    panel("Orders a second, by what happened", ("souk:orders:rate5m", "{{event}}"), unit="ops", width=12),
    panel("Payments a second, by outcome", ("souk:payments:rate5m", "{{event}}"), unit="ops", width=12),
    panel(
        "Confirmed orders, per hour",
        (f'{total("souk_ordered_minor_units_total", "currency", "increase", "1h")} / 100', "{{currency}}"),
        help="In units of the currency, for currencies with two decimals.",
    ),
    panel(
        "Money given back, per hour",
        (f'{total("souk_refunded_minor_units_total", "currency", "increase", "1h")} / 100', "{{currency}}"),
    ),
    panel(
        "Why orders were not completed, per hour",
        (
            'sum by (event, reason) (max by (event, reason) '
            '(increase(souk_order_events_total{event=~"cancelled|rejected"}[1h])))',
            "{{event}} {{reason}}",
        ),
    ),
    panel("Carts started a second", (total("souk_carts_started_total", "shopper"), "{{shopper}}"), unit="ops"),
    panel("Mails queued a second", (total("souk_mails_queued_total", "template"), "{{template}}"), unit="ops"),
    panel(
        "Stock, per hour",
        ("max(increase(souk_stock_outs_total[1h]))", "ran out"),
        ("max(increase(souk_stock_low_warnings_total[1h]))", "fell to the threshold"),
    ),
]

SERVICES = [
    stat("Requests a second", "sum(souk:service_requests:rate5m)", unit="reqps"),
    stat(
        "Server errors",
        '(sum(souk:service_requests:rate5m{class="5xx"}) or vector(0)) / sum(souk:service_requests:rate5m)',
        unit="percentunit",
        steps=bad_from(0.01, 0.05),
    ),
    stat("Slowest p95", "max(souk:service_latency_seconds:p95_5m)", unit="s", steps=bad_from(0.5, 1)),
    alerts(),
    panel("Requests a second", ("sum by (service) (souk:service_requests:rate5m)", "{{service}}"), unit="reqps", width=12),
    panel("Share of 5xx", ("souk:service_errors:ratio5m", "{{service}}"), unit="percentunit", width=12),
    panel("Time to the response head, median", ("souk:service_latency_seconds:p50_5m", "{{service}}"), unit="s"),
    panel("95th percentile", ("souk:service_latency_seconds:p95_5m", "{{service}}"), unit="s"),
    panel("99th percentile", ("souk:service_latency_seconds:p99_5m", "{{service}}"), unit="s"),
    panel("Answers a second, by class", ("sum by (class) (souk:service_requests:rate5m)", "{{class}}"), unit="reqps", width=12),
    panel("Refused requests (4xx) a second", ('souk:service_requests:rate5m{class="4xx"}', "{{service}}"), unit="reqps", width=12),
    panel("Gateway: requests a second", ("sum by (route, code) (rate(apisix_http_status[5m]))", "{{route}} {{code}}"), unit="reqps"),
    panel(
        "Gateway: 95th percentile",
        ('histogram_quantile(0.95, sum by (le, route) (rate(apisix_http_latency_bucket{type="request"}[5m])))', "{{route}}"),
        unit="ms",
    ),
    panel("Replicas", ('kube_deployment_status_replicas_available{namespace="souk"}', "{{deployment}}")),
]

EVENTS = [
    stat("Events waiting in outboxes", "sum(souk:outbox_depth)"),
    stat("Oldest of them", "max(souk:outbox_oldest_age_seconds)", unit="s", steps=bad_from(10, 60)),
    stat("Furthest behind", "max(souk:group_lag)", steps=bad_from(1000, 5000)),
    stat("Dead letters", "sum(souk:dead_letters) or vector(0)", steps=bad_from(1)),
    must_be(
        "Databases with a leader",
        "sum(max by (service) (souk_relay_leader)) / count(max by (service) (souk_relay_leader))",
        least=1,
        unit="percentunit",
    ),
    must_be("Redis answers (1: yes)", "max(souk_relay_redis_up)", least=1),
    panel("Events published a second", ("souk:events_published:rate5m", "{{stream}}"), unit="ops", width=12),
    panel("Outbox depth", ("souk:outbox_depth", "{{service}}"), width=12),
    panel("Events not delivered to a group (lag)", ("souk:group_lag", "{{group}} on {{stream}}"), width=12),
    panel("Delivered and not acknowledged", ("souk:group_pending", "{{group}} on {{stream}}"), width=12),
    panel("Age of the oldest unacknowledged event", ("souk:group_oldest_pending_age_seconds", "{{group}} on {{stream}}"), unit="s"),
    panel("Dead letters", ("souk:dead_letters", "{{group}} on {{stream}}")),
    panel("Batches refused by Redis, a second", ("sum by (service) (rate(souk_relay_publish_failures_total[5m]))", "{{service}}"), unit="ops"),
    panel(
        "Events in a batch",
        (
            "sum by (service) (rate(souk_relay_published_total[5m])) / sum by (service) (rate(souk_relay_batches_total[5m]))",
            "{{service}}",
        ),
        help="Larger batches under load are what makes consumers cheap.",
    ),
    panel("Doorbells rung a second", ("sum by (service, kind) (rate(souk_relay_rings_total[5m]))", "{{service}} {{kind}}"), unit="ops"),
    panel("Replicas that hear the doorbell", ("max by (service) (souk_relay_doorbell_listeners)", "{{service}}")),
    panel("Entries kept in a stream", ("max by (stream) (souk_relay_stream_entries)", "{{stream}}")),
    panel("Entries trimmed a second", ("sum by (stream) (rate(souk_relay_trimmed_total[5m]))", "{{stream}}"), unit="ops"),
    panel("Consumers in a group", ("max by (stream, group) (souk_relay_group_consumers)", "{{group}} on {{stream}}")),
    panel("Databases that answer", ("max by (service) (souk_relay_postgres_up)", "{{service}}")),
    panel("Mails a second", ("sum by (outcome) (rate(souk_mailer_mails_total[5m]))", "{{outcome}}"), unit="ops"),
    panel(
        "Mails in hand",
        ("sum(souk_mailer_in_flight)", "being delivered"),
        ("sum(increase(souk_mailer_deferred_total[5m]))", "put off in 5 min"),
        ("sum(increase(souk_mailer_parked_total[5m]))", "unreadable in 5 min"),
    ),
]

PAYMENTS = [
    stat("Captured, 1 h", counted("souk_payment_events_total", "captured", "1h")),
    stat("Declined, 30 min", "souk:payments_declined:ratio30m or vector(0)", unit="percentunit", steps=bad_from(0.1, 0.3)),
    stat("Unknown at first, 1 h", counted("souk_payment_events_total", "unknown", "1h") + " or vector(0)", steps=bad_from(5)),
    stat("Refunds refused, 24 h", counted("souk_payment_events_total", "refund_failed", "24h") + " or vector(0)", steps=bad_from(1)),
    panel("Payments a second, by outcome", ("souk:payments:rate5m", "{{event}}"), unit="ops", width=12),
    panel(
        "Why payments were declined, per hour",
        ('max by (event, reason) (increase(souk_payment_events_total{event="declined"}[1h]))', "{{reason}}"),
        width=12,
    ),
    panel("Money taken, per hour", (f'{total("souk_captured_minor_units_total", "currency", "increase", "1h")} / 100', "{{currency}}")),
    panel("Money given back, per hour", (f'{total("souk_refunded_minor_units_total", "currency", "increase", "1h")} / 100', "{{currency}}")),
    panel(
        "Orders waiting for their payment",
        ('souk:group_lag{group="payment"}', "not heard of by payment"),
        ('souk:group_lag{group="order",stream="souk:payment"}', "outcome not heard of by order"),
        help="Both are near zero unless something stands still.",
    ),
    panel("Answers of the payment service a second", ('souk:service_requests:rate5m{service="payment"}', "{{class}}"), unit="reqps"),
    panel("Its time to the response head, p95", ('souk:service_latency_seconds:p95_5m{service="payment"}', "p95"), unit="s"),
    panel(
        "Plug-ins that failed, in 10 min",
        ("sum by (component, dependency) (increase(souk_runtime_dependency_failures_total[10m]))", "{{dependency}} in {{component}}"),
    ),
]

RUNTIME = [
    panel("Instances", ("sum by (component) (souk_runtime_instances)", "{{component}}")),
    panel("Instances made a second", ("sum by (component) (rate(souk_runtime_instances_created_total[5m]))", "{{component}}"), unit="ops"),
    panel(
        "Time to make an instance, p99",
        ("histogram_quantile(0.99, sum by (le, component) (rate(souk_runtime_instantiation_seconds_bucket[5m])))", "{{component}}"),
        unit="s",
    ),
    panel("Requests waiting for an instance", ("sum by (component) (souk_runtime_instance_waiting)", "{{component}}")),
    panel("Requests turned away a second", ("sum by (component) (rate(souk_runtime_rejected_total[5m]))", "{{component}}"), unit="reqps"),
    panel(
        "Traps and timeouts, in 10 min",
        ("sum by (component) (increase(souk_runtime_traps_total[10m]))", "{{component}} traps"),
        ("sum by (component) (increase(souk_runtime_timeouts_total[10m]))", "{{component}} timeouts"),
    ),
    panel("Doorbells handled a second", ("sum by (component, result) (rate(souk_runtime_trigger_messages_total[5m]))", "{{component}} {{result}}"), unit="ops"),
    panel("SQL statements a second", ("sum by (component) (rate(souk_runtime_pg_statements_total[5m]))", "{{component}}"), unit="ops"),
    panel("Redis commands a second", ("sum by (component) (rate(souk_runtime_redis_commands_total[5m]))", "{{component}}"), unit="ops"),
    panel("Age of the variables in use", ("time() - max(souk_runtime_variables_read_timestamp_seconds)", "age"), unit="s"),
    panel("Spin: requests and messages a second", ("sum by (service_name, trigger_type) (rate(spin_request_count_total[5m]))", "{{service_name}} {{trigger_type}}"), unit="ops"),
    panel(
        "Spin: memory of an instance, p95",
        ("histogram_quantile(0.95, sum by (le, component_id) (rate(spin_component_memory_used_bucket[5m])))", "{{component_id}}"),
        unit="bytes",
    ),
    panel("Pods: processor", ('sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="souk",container!=""}[5m]))', "{{pod}}"), unit="none"),
    panel("Pods: memory", ('sum by (pod) (container_memory_working_set_bytes{namespace="souk",container!=""})', "{{pod}}"), unit="bytes"),
]

DATA = [
    panel("Local runtime: connections", ("sum by (database, state) (souk_runtime_pg_connections)", "{{database}} {{state}}"), width=12),
    panel("Local runtime: statements waiting for one", ("sum by (database) (souk_runtime_pg_waiting)", "{{database}}"), width=12),
    panel("Postgres: transactions a second", ('sum by (datname) (rate(cnpg_pg_stat_database_xact_commit{datname=~"souk.*"}[5m]))', "{{datname}}"), unit="ops"),
    panel(
        "Postgres: rolled back and deadlocked, a second",
        ('sum by (datname) (rate(cnpg_pg_stat_database_xact_rollback{datname=~"souk.*"}[5m]))', "{{datname}} rolled back"),
        ('sum by (datname) (rate(cnpg_pg_stat_database_deadlocks{datname=~"souk.*"}[5m]))', "{{datname}} deadlocks"),
        unit="ops",
    ),
    panel("Postgres: connections", ("sum by (pod, state) (cnpg_backends_total)", "{{pod}} {{state}}")),
    panel("Postgres: longest transaction", ("max by (pod, usename) (cnpg_backends_max_tx_duration_seconds)", "{{pod}} {{usename}}"), unit="s"),
    panel(
        "Postgres: reads found in memory",
        (
            'sum by (datname) (rate(cnpg_pg_stat_database_blks_hit{datname=~"souk.*"}[5m])) / '
            '(sum by (datname) (rate(cnpg_pg_stat_database_blks_hit{datname=~"souk.*"}[5m])) + '
            'sum by (datname) (rate(cnpg_pg_stat_database_blks_read{datname=~"souk.*"}[5m])))',
            "{{datname}}",
        ),
        unit="percentunit",
    ),
    panel("Postgres: size", ('max by (datname) (cnpg_pg_database_size_bytes{datname=~"souk.*"})', "{{datname}}"), unit="bytes"),
    panel("Postgres: replica behind", ("max by (pod) (cnpg_pg_replication_lag)", "{{pod}}"), unit="s"),
    panel(
        "Postgres: WAL segments waiting to be archived",
        ('max by (pod) (cnpg_collector_pg_wal_archive_status{value="ready"})', "{{pod}}"),
        help="One for a moment is usual. More and more of them: nothing can be restored to a moment since then.",
    ),
    panel(
        "Postgres: since the last base backup",
        ("time() - max by (pod) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp > 0)", "{{pod}}"),
        unit="s",
    ),
    panel("Redis: memory", ("redis_memory_used_bytes", "{{pod}} used"), ("redis_memory_max_bytes", "{{pod}} limit"), unit="bytes"),
    panel("Redis: commands a second", ("sum by (pod) (rate(redis_commands_processed_total[5m]))", "{{pod}}"), unit="ops"),
    panel("Redis: clients", ("redis_connected_clients", "{{pod}}")),
    panel("Redis: keys evicted a second", ("sum by (pod) (rate(redis_evicted_keys_total[5m]))", "{{pod}}"), unit="ops", help="Only the cache may evict."),
    panel(
        "Disks: space left",
        ('kubelet_volume_stats_available_bytes{namespace="souk"} / kubelet_volume_stats_capacity_bytes{namespace="souk"}', "{{persistentvolumeclaim}}"),
        unit="percentunit",
    ),
]

DASHBOARDS = {
    "business": ("Souk: business", BUSINESS),
    "services": ("Souk: services", SERVICES),
    "events": ("Souk: streams and outboxes", EVENTS),
    "payments": ("Souk: payments", PAYMENTS),
    "runtime": ("Souk: runtime", RUNTIME),
    "data": ("Souk: Postgres and Redis", DATA),
}


def main():
    check = sys.argv[1:] == ["--check"]
    stale = []
    for name, (title, panels) in DASHBOARDS.items():
        text = json.dumps(dashboard(f"souk-{name}", title, panels), indent=2) + "\n"
        path = HERE / f"{name}.json"
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(path.name)
    if stale:
        sys.exit(f"{', '.join(stale)}: not as generate.py writes them; run monitoring/dashboards/generate.py")


if __name__ == "__main__":
    main()
