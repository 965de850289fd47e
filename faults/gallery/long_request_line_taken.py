"""A request line may be of any length, if it comes at once."""

from typing import Any

from faults.patching import replace
from services.common.edge import Edge

RULE = "6.5 H: request line and headers have a limit, 431 beyond it"


def patch() -> None:
    """Count the headers alone."""

    def of_headers(complete: Any) -> Any:
        def taken(edge: Edge) -> None:
            if sum(len(name) + len(value) + 4 for name, value in edge.headers) <= edge._limits.head_bytes:
                edge._taken = 0
            complete(edge)

        return taken

    replace(Edge, "on_headers_complete", of_headers)
