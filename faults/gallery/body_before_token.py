"""A framework judges what a call is sent with before anybody asks who has sent it."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "3.1 S: the token is judged first"


def patch() -> None:
    """Read and judge the body first, and remember it."""

    def after_the_body(answer: Any) -> Any:
        async def answered(self: Any, request: Any, method: str) -> Any:
            call = self._calls.get(method)
            if call is not None and call.takes is not None:
                body = await request.body()
                request.state["read"] = body
                call.takes.decode(body)
            return await answer(self, request, method)

        return answered

    def remembered(body: Any) -> Any:
        async def read(self: Any) -> Any:
            return self.state["read"] if "read" in self.state else await body(self)

        return read

    replace(calls.Request, "body", remembered)
    replace(calls.Endpoint, "_answer", after_the_body)
