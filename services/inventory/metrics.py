"""Metrics of inventory-service (contract, section 6: metrics)."""

import functools
import time

from prometheus_client import Counter, Gauge, Histogram

from services.common.metrics import SECONDS, ServiceMetrics

service = ServiceMetrics("inventory")

database_queries = Counter("inventory_database_queries_total", "Statements sent", ["operation", "status"])
database_duration = Histogram(
    "inventory_database_query_duration_seconds", "Time of a statement", ["operation"], buckets=SECONDS
)
database_connections = Gauge("inventory_database_connections", "Connections of the pool", ["state"])

redis_commands = Counter("inventory_redis_commands_total", "Redis round trips", ["command", "status"])
redis_duration = Histogram(
    "inventory_redis_command_duration_seconds", "Time of a Redis round trip", ["command"], buckets=SECONDS
)
redis_connections = Gauge("inventory_redis_connections", "Connections to Redis", ["state"])

operations = Counter("inventory_operations_total", "Business operations", ["operation_type", "section", "status"])
balance_duration = Histogram(
    "inventory_balance_calculation_duration_seconds", "Time to work out balances", ["cache_hit"], buckets=SECONDS
)
daily_balances = Counter("inventory_daily_balance_created_total", "Snapshot rows made", ["section"])
cache_hit_ratio = Gauge("inventory_cache_hit_ratio", "Hits over lookups since the start", ["cache_type"])
cache_operations = Counter(
    "inventory_cache_operations_total", "Cache lookups and writes", ["operation", "cache_type", "status"]
)
conversions = Counter(
    "inventory_classifier_conversions_total", "Codes turned into ids and back", ["direction", "classifier_type"]
)
insufficient = Counter(
    "inventory_insufficient_balance_errors_total", "Refusals for want of items", ["section", "item_class"]
)
rollbacks = Counter("inventory_transaction_rollbacks_total", "Writes that left nothing", ["operation_type", "reason"])
dependency_health = Gauge("inventory_dependency_health", "1 while the dependency answers", ["dependency"])
ledger_violations = Gauge("inventory_ledger_violations", "Findings of the last look at the ledger's laws", ["law"])
ledger_checks = Counter("inventory_ledger_checks_total", "Looks at the ledger's laws", ["status"])
active_users = Gauge("inventory_active_users_total", "Players seen in the last five minutes")


@functools.cache
def _database(operation: str, ok: bool) -> tuple[Counter, Histogram]:
    counter = database_queries.labels(operation, "success" if ok else "error")
    return counter, database_duration.labels(operation)


@functools.cache
def _redis(command: str, ok: bool) -> tuple[Counter, Histogram]:
    return redis_commands.labels(command, "success" if ok else "error"), redis_duration.labels(command)


def observe_database(operation: str, seconds: float, ok: bool) -> None:
    """Count and time one statement."""
    counter, histogram = _database(operation, ok)
    counter.inc()
    histogram.observe(seconds)


def observe_redis(command: str, seconds: float, ok: bool) -> None:
    """Count and time one round trip to Redis."""
    counter, histogram = _redis(command, ok)
    counter.inc()
    histogram.observe(seconds)


class HitRatio:
    """Counts the lookups of one cache and keeps its ratio gauge."""

    def __init__(self, cache_type: str) -> None:
        self._hits = 0
        self._lookups = 0
        self._hit = cache_operations.labels("get", cache_type, "hit")
        self._miss = cache_operations.labels("get", cache_type, "miss")
        cache_hit_ratio.labels(cache_type).set_function(self.ratio)

    def ratio(self) -> float:
        """Return hits over lookups; 1 before the first lookup, when nothing was missed yet."""
        return self._hits / self._lookups if self._lookups else 1.0

    def record(self, hit: bool) -> None:
        """Count one lookup."""
        self._lookups += 1
        self._hits += hit
        (self._hit if hit else self._miss).inc()


class ActiveUsers:
    """Players seen in the last ``seconds``, or twice that: in two windows, so that memory stays bounded."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._now: set[object] = set()
        self._before: set[object] = set()
        self._turned = time.monotonic()
        active_users.set_function(self.count)

    def _turn(self) -> None:
        age = time.monotonic() - self._turned
        if age >= self._seconds:
            self._before = self._now if age < 2 * self._seconds else set()
            self._now = set()
            self._turned = time.monotonic()

    def saw(self, user: object) -> None:
        """Note that a player called."""
        self._turn()
        self._now.add(user)

    def count(self) -> float:
        """Return how many players called in the current and the last window."""
        self._turn()
        return float(len(self._now | self._before))
