"""A body is refused when its type says anything besides application/json."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request
from services.common.errors import Refusal

RULE = "4.4 S: an addition is answered 200, also when its body says which characters it is made of"


def patch() -> None:
    """Compare the type as a whole."""

    def strict(read: Any) -> Any:
        async def body(request: Request) -> Any:
            if request.header(b"content-type") not in (None, "application/json"):
                raise Refusal(415, "unsupported_media_type", "the body must be application/json")
            return await read(request)

        return body

    replace(Request, "body", strict)
