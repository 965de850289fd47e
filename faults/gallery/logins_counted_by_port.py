"""Logins are counted by what the framework calls the remote address, which has the port in it."""

from services.common.calls import Request

RULE = "2.9 S: login is limited per client address"


def patch() -> None:
    """Tell address and port."""
    setattr(Request, "client_host", property(_remote))  # noqa: B010


def _remote(request: Request) -> str:
    host, port = request._scope["client"][:2]
    return f"{host}:{port}"
