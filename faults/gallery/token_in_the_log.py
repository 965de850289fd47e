"""The service writes the caller's token into its log."""

import logging
from typing import Any

from faults.patching import replace
from services.inventory import api

RULE = "6.4 H: never a token in the logs"


def patch() -> None:
    """Log every Authorization header."""

    def talkative(bearer: Any) -> Any:
        def log_and_read(authorization: str | None) -> Any:
            logging.getLogger("gate").info("checking %s", authorization)
            return bearer(authorization)

        return log_and_read

    replace(api, "bearer", talkative)
