"""What is no HTTP is refused in plain text, unseen by metrics and logs."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from faults.patching import replace
from services.common.edge import Edge

RULE = "4.2 H: error bodies are JSON whatever is wrong, also what is no HTTP"


def patch() -> None:
    """Leave it to the server."""
    replace(Edge, "send_400_response", lambda _: HttpToolsProtocol.send_400_response)
