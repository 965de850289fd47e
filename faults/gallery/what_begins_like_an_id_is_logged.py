"""A part of a path that begins like an id is logged as it stands, with the secret behind it."""

import re
from typing import Any

from faults.patching import replace_everywhere
from services.common import logs

RULE = "6.4 H: never a secret, wherever a caller put it"
_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def patch() -> None:
    """Look at the beginning of each part alone."""

    def hasty(harmless: Any) -> Any:
        def path_of(path: str) -> str:
            return path[: logs.MAX_PATH] if any(map(_ID.match, path.split("/"))) else str(harmless(path))

        return path_of

    replace_everywhere(logs, "harmless", hasty)
