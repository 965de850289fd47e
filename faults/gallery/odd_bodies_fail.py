"""What cannot be decoded for another reason than the decoder's own is a failure of the service."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Let everything but the decoder's own errors through."""

    def narrow(check: Any) -> Any:
        def strict(raw: bytes) -> None:
            try:
                check(raw)
            except (ValueError, RecursionError) as error:
                if type(error).__module__.startswith(("services", "msgspec")):
                    raise
                raise SystemError(str(error)) from error

        return strict

    replace(calls, "strict_json", narrow)
