"""Reads that found their balance in the cache count as ``cache_hit="false"``, and the others as ``"true"``."""

from services.inventory import service

RULE = "6.2 S: inventory_balance_calculation_duration_seconds{cache_hit}"


def patch() -> None:
    """Swap the two."""
    found, computed = service._balance_from_cache, service._balance_from_ledger
    service._balance_from_cache, service._balance_from_ledger = computed, found
