"""What the dashboards show: groups of panels, each with its queries. How it looks is decided in render.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

JOB = 'job="$job",instance=~"$instance"'
RATE = "$__rate_interval"
Kind = Literal["lines", "number"]


@dataclass(frozen=True)
class Panel:
    """One panel. ``targets`` are (query, legend) pairs; ``width`` is in Grafana's 24 columns."""

    title: str
    unit: str
    targets: tuple[tuple[str, str], ...]
    kind: Kind = "lines"
    description: str = ""
    width: int = 8
    # Above this it is shown in red; below it when ``red_below``.
    red: float | None = None
    red_below: bool = False


@dataclass(frozen=True)
class Group:
    """A row of the dashboard."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Board:
    """A dashboard. ``uid`` is its name in addresses and files."""

    uid: str
    title: str
    description: str
    groups: tuple[Group, ...] = field(default=())


@dataclass(frozen=True)
class Query:
    """One query, and where it stands."""

    dashboard: str
    group: str
    panel: str
    expr: str

    def filled(self, window: str) -> str:
        """Return the expression with Grafana's variables replaced: all instances, this window."""
        filled = self.expr.replace("$job", "inventory-service").replace("$instance", ".*")
        return filled.replace(RATE, window).replace("$__range", window)


def _rate(metric: str, by: str, extra: str = "") -> str:
    return f"sum by ({by}) (rate({metric}{{{JOB}{extra}}}[{RATE}]))"


def _quantile(share: float, metric: str, by: str = "", extra: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, {_rate(f'{metric}_bucket', labels, extra)})"


def _percentiles(metric: str, extra: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((_quantile(share, metric, "", extra), f"p{share * 100:g}") for share in (0.5, 0.95, 0.99))


NO_PROBES = ',endpoint!~".*/health.*"'
HTTP = "inventory_http_request_duration_seconds"
DB = "inventory_database_query_duration_seconds"
REDIS = "inventory_redis_command_duration_seconds"
ADMIN = ',endpoint=~".*/admin/.*"'
ADJUSTMENTS = f'sum by (section, status) (inventory_operations_total{{{JOB},operation_type="admin_adjustment"}})'
ERRORS = (
    f'(sum(rate(inventory_http_requests_total{{{JOB}{NO_PROBES},status=~"5.."}}[{RATE}])) or vector(0)) '
    f"/ sum(rate(inventory_http_requests_total{{{JOB}{NO_PROBES}}}[{RATE}]))"
)

OVERVIEW = Group("Overview", (
    Panel("Instances that serve", "none", ((f"sum(inventory_service_up{{{JOB}}})", ""),), "number", width=4, red=1,
          red_below=True),
    Panel("Uptime", "s", ((f"min(time() - inventory_service_start_time_seconds{{{JOB}}})", ""),), "number", width=4),
    Panel("Calls a second", "reqps", ((f"sum(rate(inventory_http_requests_total{{{JOB}{NO_PROBES}}}[{RATE}]))", ""),),
          "number", width=4),
    Panel("Share of 5xx", "percentunit", ((ERRORS, ""),), "number", "Objective: 0.1 % over 30 days.", 4, red=0.1),
    Panel("Reads: p95", "s", ((_quantile(0.95, HTTP, "", ',method="GET",endpoint=~"(/api)?/inventory"'), ""),),
          "number", "Objective: under 0.5 s.", 4, red=0.5),
    Panel("Players of the last minutes", "none", ((f"sum(inventory_active_users_total{{{JOB}}})", ""),), "number",
          width=4),
    Panel("Share of 5xx as the alert sees it", "percentunit", (("inventory:http_errors:ratio_rate5m", "{{job}}"),),
          red=0.1),
    Panel("Error budget: how much too fast", "none",
          (("inventory:slo_unavailable:ratio_rate1h / 0.001", "last hour"),
           ("inventory:slo_trend_unavailable:ratio_rate3d / 0.001", "last three days")),
          description="1 is what is allowed; a page comes at 14.4 in an hour.", red=14.4),
    Panel("Broken laws of the ledger", "none", ((f"max by (law) (inventory_ledger_violations{{{JOB}}})", "{{law}}"),),
          description="Anything but zero is an emergency.", red=1),
))  # fmt: skip

HTTP_GROUP = Group("HTTP", (
    Panel("Calls by status", "reqps", ((_rate("inventory_http_requests_total", "status"), "{{status}}"),)),
    Panel("Calls by endpoint", "reqps", ((_rate("inventory_http_requests_total", "method, endpoint"),
                                          "{{method}} {{endpoint}}"),)),
    Panel("Time to answer", "s", _percentiles(HTTP, NO_PROBES), red=2),
    Panel("p95 by endpoint", "s", ((_quantile(0.95, HTTP, "endpoint"), "{{endpoint}}"),), width=12),
    Panel("Calls under way", "none", ((f"inventory_http_requests_in_flight{{{JOB}}}", "{{instance}}"),), width=12),
))  # fmt: skip

BUSINESS = Group("Business", (
    Panel("Operations written", "ops", ((_rate("inventory_operations_total", "operation_type", ',status="written"'),
                                         "{{operation_type}}"),)),
    Panel("Outcomes", "ops", ((_rate("inventory_operations_total", "status"), "{{status}}"),)),
    Panel("Too few items", "ops", ((_rate("inventory_insufficient_balance_errors_total", "section, item_class"),
                                    "{{section}} {{item_class}}"),)),
    Panel("Writes that left nothing", "ops", ((_rate("inventory_transaction_rollbacks_total", "operation_type, reason"),
                                               "{{operation_type}} {{reason}}"),)),
    Panel("Snapshots made", "none", ((f"sum by (section) (inventory_daily_balance_created_total{{{JOB}}})",
                                      "{{section}}"),)),
    Panel("Codes turned into ids and back", "ops", ((_rate("inventory_classifier_conversions_total", "direction"),
                                                     "{{direction}}"),)),
))  # fmt: skip

CACHE = Group("Cache", (
    Panel("Hit ratio now", "percentunit", (("inventory:cache_hits:ratio_rate5m >= 0", "{{cache_type}}"),), red=0.7,
          red_below=True, description="Only caches that were asked in the last minutes."),
    Panel("Hit ratio since the start", "percentunit", ((f"inventory_cache_hit_ratio{{{JOB}}}",
                                                        "{{instance}} {{cache_type}}"),)),
    Panel("Lookups", "ops", ((_rate("inventory_cache_operations_total", "cache_type, status"),
                              "{{cache_type}} {{status}}"),)),
    Panel("Working out a balance", "s", _percentiles("inventory_balance_calculation_duration_seconds"), red=1),
    Panel("p95 with and without the cache", "s",
          ((_quantile(0.95, "inventory_balance_calculation_duration_seconds", "cache_hit"), "hit: {{cache_hit}}"),)),
    Panel("Redis: p95", "s", ((_quantile(0.95, REDIS, "command"), "{{command}}"),)),
))  # fmt: skip

DATABASE = Group("Database", (
    Panel("Statements", "ops", ((_rate("inventory_database_queries_total", "operation"), "{{operation}}"),)),
    Panel("Share that failed", "percentunit", (("inventory:database_errors:ratio_rate2m", "{{job}}"),), red=0.05),
    Panel("Time of a statement", "s", _percentiles(DB), red=5),
    Panel("p95 by statement", "s", ((_quantile(0.95, DB, "operation"), "{{operation}}"),), width=12),
    Panel("Connections", "none", ((f"sum by (state) (inventory_database_connections{{{JOB}}})", "{{state}}"),),
          width=12),
))  # fmt: skip

DEPENDENCIES = Group("Dependencies", (
    Panel("Health", "none", ((f"min by (dependency) (inventory_dependency_health{{{JOB}}})", "{{dependency}}"),), red=1,
          red_below=True),
    Panel("Redis commands", "ops", ((_rate("inventory_redis_commands_total", "command, status"),
                                     "{{command}} {{status}}"),)),
    Panel("Redis connections", "none", ((f"sum by (state) (inventory_redis_connections{{{JOB}}})", "{{state}}"),)),
))  # fmt: skip

ADMIN_GROUP = Group("Admin", (
    Panel("Admin calls by status", "reqps", ((_rate("inventory_http_requests_total", "status", ADMIN), "{{status}}"),)),
    Panel("Adjustments", "none", ((ADJUSTMENTS, "{{section}} {{status}}"),)),
    Panel("Admin calls: p95", "s", ((_quantile(0.95, HTTP, "endpoint", ADMIN), "{{endpoint}}"),)),
))  # fmt: skip

LOAD = Group("Load", (
    Panel("Calls a second", "reqps", ((_rate("inventory_http_requests_total", "method, endpoint", NO_PROBES),
                                       "{{method}} {{endpoint}}"),)),
    Panel("Calls under way", "none", ((f"sum(inventory_http_requests_in_flight{{{JOB}}})", "all"),)),
    Panel("Players at work", "none", ((f"sum(inventory_active_users_total{{{JOB}}})", "all"),)),
    Panel("Writes a second", "ops", ((_rate("inventory_operations_total", "operation_type, status"),
                                      "{{operation_type}} {{status}}"),), width=12),
    Panel("Calls in the range shown", "none",
          ((f"sum by (status) (increase(inventory_http_requests_total{{{JOB}}}[$__range]))", "{{status}}"),), width=12),
))  # fmt: skip

ANSWERS = Group("Answers", (
    Panel("Reads", "s", _percentiles(HTTP, ',method="GET",endpoint=~"(/api)?/inventory"'), red=0.5,
          description="The load profiles want p95 under 0.5 s."),
    Panel("Writes", "s", _percentiles(HTTP, ',method="POST"'), red=1,
          description="The load profiles want p95 under 1 s."),
    Panel("Share of 5xx", "percentunit", ((ERRORS, "5xx"),), red=0.1),
    Panel("Refusals by endpoint", "reqps", ((_rate("inventory_http_requests_total", "endpoint, status",
                                                   ',status=~"4.."'), "{{endpoint}} {{status}}"),), width=12),
    Panel("How long reads take", "reqps",
          ((_rate(f"{HTTP}_bucket", "le", ',method="GET",endpoint=~"(/api)?/inventory"'), "up to {{le}} s"),),
          width=12),
))  # fmt: skip

RESOURCES = Group("Resources", (
    Panel("Processor", "percentunit", ((f"rate(process_cpu_seconds_total{{{JOB}}}[{RATE}])", "{{instance}}"),),
          description="One process uses one core at most."),
    Panel("Memory", "bytes", ((f"process_resident_memory_bytes{{{JOB}}}", "{{instance}}"),),
          description="A line that climbs for the whole run is a leak."),
    Panel("Open files", "none", ((f"process_open_fds{{{JOB}}}", "{{instance}}"),)),
    Panel("Garbage collections", "ops", ((f"rate(python_gc_collections_total{{{JOB}}}[{RATE}])",
                                          "{{instance}} generation {{generation}}"),)),
    Panel("Database connections", "none", ((f"inventory_database_connections{{{JOB}}}", "{{instance}} {{state}}"),)),
    Panel("Redis connections", "none", ((f"inventory_redis_connections{{{JOB}}}", "{{instance}} {{state}}"),)),
))  # fmt: skip

BOARDS = (
    Board("inventory-service", "Inventory Service", "How the inventory serves its players.",
          (OVERVIEW, HTTP_GROUP, BUSINESS, CACHE, DATABASE, DEPENDENCIES, ADMIN_GROUP)),
    Board("inventory-load", "Inventory Load", "What a load run does to the inventory.", (LOAD, ANSWERS, RESOURCES)),
)  # fmt: skip


def queries() -> Iterator[Query]:
    """Yield every query of every panel."""
    for board in BOARDS:
        for group in board.groups:
            for panel in group.panels:
                for expr, _ in panel.targets:
                    yield Query(board.title, group.title, panel.title, expr)
