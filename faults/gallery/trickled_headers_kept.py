"""Headers may come for as long as something comes."""

from typing import Any

from faults.patching import replace
from services.common.edge import HEAD, Edge

RULE = "6.5 H: 10 s to send headers (408)"


def patch() -> None:
    """Begin the time anew with each piece."""

    def patient(take: Any) -> Any:
        def take_and_wait(connection: Edge, data: bytes) -> None:
            if connection._reading == HEAD:
                connection._since = connection.loop.time()
            take(connection, data)

        return take_and_wait

    replace(Edge, "data_received", patient)
