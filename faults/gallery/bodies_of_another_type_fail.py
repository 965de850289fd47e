"""A body that is not called JSON is a failure of the service."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Give up on what has another type."""

    def of_json_alone(body: Any) -> Any:
        async def read(request: Request) -> Any:
            if (request.header(b"content-type") or "").partition(";")[0] != "application/json":
                raise RuntimeError("no converter for this type")
            return await body(request)

        return read

    replace(Request, "body", of_json_alone)
