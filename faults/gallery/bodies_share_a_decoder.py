"""Bodies are decoded as they come by one decoder for all, which keeps half a character of somebody who has hung up."""

import codecs
from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "4.4 S: a good call is taken"


def patch() -> None:
    """Decode each piece as it comes."""
    shared = codecs.getincrementaldecoder("utf-8")()

    def decoding(original: Any) -> Any:
        async def read(self: Any) -> bytes:
            receive = self._receive

            async def decoded() -> Any:
                message = await receive()
                if message["type"] == "http.request":
                    text = shared.decode(bytes(message.get("body", b"")), not message.get("more_body"))
                    message = {**message, "body": text.encode()}
                return message

            self._receive = decoded
            found: bytes = await original(self)
            return found

        return read

    replace(Request, "_read", decoding)
