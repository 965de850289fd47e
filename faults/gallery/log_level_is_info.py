"""The log level is what it always was, whatever the setting says."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import logs

RULE = "6.7 S: LOG_LEVEL"


def patch() -> None:
    """Log from info up."""

    def careless(configure: Any) -> Any:
        def configure_as_ever(service: str, _: str) -> None:
            configure(service, "info")

        return configure_as_ever

    replace_everywhere(logs, "configure_logging", careless)
