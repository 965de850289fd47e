"""Auth-service tells a call in its log in a sentence, without saying which call it was or what came of it."""

from typing import Any

from faults.patching import replace
from services.common import logs

RULE = "6.4 S: logs are structured and tell enough, of both services"


def patch() -> None:
    """Write sentences there."""

    def in_words(encode: Any) -> Any:
        def encode_some(line: dict[str, Any]) -> Any:
            is_auth = line["service"] == "auth-service"
            return f"{line['timestamp']} {line['level']} {line['message']}".encode() if is_auth else encode(line)

        return encode_some

    replace(logs, "_encode", in_words)
