"""A write that has lost its connection is answered with a 503 that does not say whether it was made."""

from typing import Any

from faults.patching import replace
from services.common import database
from services.common.errors import Refusal

RULE = "4.13 H: a 503 says which it is"


def patch() -> None:
    """Be no wiser than a proxy."""

    def bare(_: Any) -> Any:
        return lambda: Refusal(503, "service_unavailable", "try again", headers={"Retry-After": "1"})

    replace(database, "outcome_unknown", bare)
