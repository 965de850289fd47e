"""What stands around the token in its header is forgiven, and of two headers the first counts."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import tokens

RULE = "3.2 H: nor two such headers, nor anything around the token"


def patch() -> None:
    """Cut off what is too much."""

    def lenient(bearer: Any) -> Any:
        return lambda header: bearer(header and " ".join(header.partition(",")[0].split()))

    replace_everywhere(tokens, "bearer", lenient)
