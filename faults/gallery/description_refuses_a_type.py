"""The description does not know one of the types that an addition may have."""

import json
from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "6.6 H: schemas that accept exactly what the service accepts"


def patch() -> None:
    """Leave it out."""

    def narrow(describe: Any) -> Any:
        def describe_less(*args: Any) -> Any:
            return json.loads(json.dumps(describe(*args)).replace('"chest_reward", ', ""))

        return describe_less

    replace(calls, "describe", narrow)
