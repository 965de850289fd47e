"""The auth service takes no more than 8 KiB of init data, as a server does that nobody has told of a larger limit."""

from typing import Any

from faults.patching import replace
from services.auth import api
from services.common.errors import Refusal

RULE = "6.5 H, 2.2 S: there is room for 32 KiB of headers"


def patch() -> None:
    """Refuse what is longer before it is looked at."""

    def brief(read: Any) -> Any:
        def read_brief(raw: str | None, bot_token: str) -> Any:
            if raw is not None and len(raw) > 8192:
                raise Refusal(431, "headers_too_large", "the headers are larger than 8192 bytes")
            return read(raw, bot_token)

        return read_brief

    replace(api, "read_init_data", brief)
