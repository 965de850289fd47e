"""An adjustment whose request id has other bytes than ASCII fails when it is noted."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint

RULE = "4.9 S: POST /admin/inventory/adjust is answered, whatever its request is called"


def patch() -> None:
    """Write the header down as it came."""

    def noting(original: Any) -> Any:
        async def answer(self: Any, request: Any, method: str) -> Any:
            if self._path.endswith("/adjust"):
                (request.header(b"x-request-id") or "").encode("ascii")
            return await original(self, request, method)

        return answer

    replace(Endpoint, "_answer", noting)
