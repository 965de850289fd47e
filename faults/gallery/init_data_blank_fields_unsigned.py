"""Fields without a value are lost before the signature is checked."""

from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: the signature is over all fields but hash"


def patch() -> None:
    """Leave out what is blank, as parsers of forms do unless they are told."""

    def lossy(parse: Any) -> Any:
        def parse_some(raw: str) -> dict[str, str]:
            return {name: value for name, value in parse(raw).items() if value}

        return parse_some

    replace(telegram, "_parse", lossy)
