"""The log level holds for all lines but those of requests."""

import logging
from typing import Any

from faults.patching import replace
from services.common.logs import Lines

RULE = "6.7 S: LOG_LEVEL"


def patch() -> None:
    """Write the lines of requests from info up."""

    def loud(configure: Any) -> Any:
        def configure_loudly(lines: Lines, service: str, _: int) -> None:
            configure(lines, service, logging.INFO)

        return configure_loudly

    replace(Lines, "configure", loud)
