"""The sum of the lines of a call is left to the database to judge, which cannot hold it."""

from typing import Any

from faults.patching import replace
from services.inventory import service
from services.inventory.catalogue import Catalogue
from services.inventory.ledger import Line

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Judge each line by itself."""

    def one_by_one(resolve: Any) -> Any:
        def resolve_each(catalogue: Catalogue, items: Any) -> list[Line]:
            return [line for item in items for line in resolve(catalogue, [item])]

        return resolve_each

    replace(service, "_resolve", one_by_one)
