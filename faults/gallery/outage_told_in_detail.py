"""A call that fails because the database is away tells where it should be."""

import os
from typing import Any

from faults.patching import replace_everywhere
from services.common import database

RULE = "4.13 H: a 503 says which it is, and nothing about the deployment"


def patch() -> None:
    """Put the address into the message."""

    def talkative(unavailable: Any) -> Any:
        def tell_all() -> Any:
            refusal = unavailable()
            where = f"{os.environ['DB_HOST']}:{os.environ['DB_PORT']}"
            refusal.body["message"] = f"cannot connect to {where} as {os.environ['DB_USER']}"
            return refusal

        return tell_all

    replace_everywhere(database, "unavailable", talkative)
