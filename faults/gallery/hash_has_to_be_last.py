"""Init data is cut at its last ``&hash=``: where fields come after the hash, it is called unsigned."""

from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: all fields but hash are signed, in whatever order they come"


def patch() -> None:
    """Take everything behind it for the hash."""

    def cut(parse: Any) -> Any:
        def parse_up_to_the_hash(raw: str) -> dict[str, str]:
            signed, mark, given = raw.rpartition("&hash=")
            return parse(signed + mark + given.replace("&", "%26") if mark else raw)  # type: ignore[no-any-return]

        return parse_up_to_the_hash

    replace(telegram, "_parse", cut)
