"""Each method that somebody invents makes a series of metrics."""

from faults.patching import replace
from services.common import metrics

RULE = "6.2 H: no caller can make series: an unknown method is other"


class _All(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


def patch() -> None:
    """Know them all."""
    replace(metrics, "METHODS", lambda _: _All())
