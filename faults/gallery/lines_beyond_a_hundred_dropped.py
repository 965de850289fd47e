"""A call writes its first hundred lines and answers 200."""

from faults.patching import replace
from services.inventory import service

RULE = "4.4 S, law 4: one ledger row an item, all or none"


def patch() -> None:
    """Resolve a hundred lines at most."""
    replace(service, "_resolve", lambda resolve: lambda catalogue, items: resolve(catalogue, items[:100]))
