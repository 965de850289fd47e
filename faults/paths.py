"""What faults of paths have in common: a router that takes for the same what is spelled otherwise."""

import posixpath
import re
from typing import Any

from faults.patching import replace
from services.common import calls
from services.common.calls import Request
from services.common.edge import Edge

_NAMED = (b"x-original-url", b"x-rewrite-url")
_TARGET = "target"


def route_leniently() -> None:
    """Let routers forgive case, slashes, dots and parameters in a path, and believe headers that name another one."""

    def noting(complete: Any) -> Any:
        def complete_and_note(edge: Edge) -> None:
            complete(edge)
            scope: Any = edge.scope
            scope[_TARGET] = edge.url.decode("latin-1")

        return complete_and_note

    def lenient(router: Any) -> Any:
        def make(*args: Any, **more: Any) -> Any:
            return _forgiving(router(*args, **more))

        return make

    replace(Edge, "on_headers_complete", noting)
    replace(calls, "Router", lenient)


def is_spelled_as_described(request: Request) -> bool:
    """Say whether a request was sent to the path that the description has of its call, to the letter."""
    pattern = re.sub(r"\\{\w+\\}", "[^/.;]+", re.escape(request._scope["path_template"]))
    return re.fullmatch(pattern, request._scope[_TARGET].partition("?")[0]) is not None


def _forgiving(app: Any) -> Any:
    async def forgive(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            named = [value.decode("latin-1") for name, value in scope["headers"] if name in _NAMED]
            path = re.sub(";[^/]*", "", named[0] if named else scope["path"]).removesuffix(".json")
            scope["path"] = "/" + posixpath.normpath(path).lstrip("/").lower()
        await app(scope, receive, send)

    return forgive
