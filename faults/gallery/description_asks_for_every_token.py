"""A call that several kinds of callers may make is described as if it took the tokens of all of them at once."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "6.6 H: security schemes"


def patch() -> None:
    """One requirement of all schemes, for one of each."""

    def together(describe: Any) -> Any:
        def described(*given: Any, **named: Any) -> Any:
            document = describe(*given, **named)
            for path in document["paths"].values():
                for operation in path.values():
                    if isinstance(operation, dict) and operation.get("security"):
                        operation["security"] = [{who: [] for one in operation["security"] for who in one}]
            return document

        return described

    replace(calls, "describe", together)
