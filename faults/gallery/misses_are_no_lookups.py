"""A balance that was not in the cache is not counted as a lookup: the hit ratio is 1 whatever happens."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "6.2 S: inventory_cache_hit_ratio is the share of what was found"


def patch() -> None:
    """Record what was found alone."""

    def glad(init: Any) -> Any:
        def init_glad(service: InventoryService, *args: Any) -> None:
            init(service, *args)
            replace(service._balances, "record", lambda record: lambda hit: hit and record(hit))

        return init_glad

    replace(InventoryService, "__init__", glad)
