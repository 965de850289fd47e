"""What is refused before it is a call is logged under another request id than its caller is told."""

from typing import Any

from faults.patching import replace
from services.common.edge import new_request_id
from services.common.http import Listener

RULE = "6.4 H: a request's id is in its log line and sent back"


def patch() -> None:
    """Make one for each."""

    def under_another(refused: Any) -> Any:
        return lambda listener, status, _, seconds: refused(listener, status, new_request_id(), seconds)

    replace(Listener, "refused", under_another)
