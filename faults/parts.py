"""A part of a list: what takes too long for one run is proven in several, or a part each night."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from faults.fault import FaultError

HELP = "only the third of thirty parts (3/30), or the one whose turn it is today (today/30)"
_T = TypeVar("_T")
_PART = re.compile(r"(today|[1-9]\d*)/([1-9]\d*)")


def part_of(everything: Sequence[_T], wish: str) -> list[_T]:
    """Return a part like ``3/30``: every thirtieth, from the third on. Raises FaultError when there is no such part.

    ``today/30`` is the next part each day (UTC), without a gap at the turn of a year.
    """
    told = _PART.fullmatch(wish)
    if told is None:
        raise FaultError(f"there is no part {wish!r}: say 3/30, the third of thirty, or today/30")
    count = int(told[2])
    number = datetime.now(UTC).toordinal() % count + 1 if told[1] == "today" else int(told[1])
    if number > count:
        raise FaultError(f"there is no part {wish}: the last of {count} is {count}/{count}")
    chosen = list(everything[number - 1 :: count])
    if not chosen:
        raise FaultError(f"part {wish} is empty: there are {len(everything)} in all")
    print(f"part {number} of {count}: {len(chosen)} of {len(everything)}", flush=True)
    return chosen
