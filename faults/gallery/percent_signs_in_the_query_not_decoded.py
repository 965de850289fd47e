"""A section is unknown when the query spells a letter of it with a percent sign."""

from faults.patching import replace
from services.common import calls

RULE = "4.3 S: GET /inventory?section=main is answered, however the URL spells it"


def patch() -> None:
    """Take the query apart, and leave its parts as they are."""

    def raw(query: bytes) -> dict[str, str]:
        pairs = [part.partition("=") for part in query.decode("latin-1").split("&") if part]
        return {name: value for name, _, value in reversed(pairs)}

    replace(calls, "_parameters", lambda _: raw)
