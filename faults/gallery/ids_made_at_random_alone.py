"""An id in a body has to be a UUID of version 4."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "4.1 S: a good call is taken, and an id is a UUID of whatever version"


def patch() -> None:
    """Refuse ids of other versions."""

    def random_alone(usual: Any) -> Any:
        def judged(text: str, *kind: Any) -> Any:
            found = usual(text, *kind)
            if found.version != 4:
                raise ValueError
            return found

        return judged

    replace(calls, "usual_uuid", random_alone)
