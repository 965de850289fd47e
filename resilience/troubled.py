"""Whether calls that failed in a trouble failed as they may: soon, with a reason, and no more of them than need to; and
whether readiness and the end of a day were as they should be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from history.laws import Ledger, end_of
from history.records import AGAIN
from libraries.target.preparing import target
from reporting.answers import Answer, origin_of

# Instances are ended by these, and held by the other.
_ENDS, _HOLDS = ("kill", "terminate", "stop"), ("pause",)
# A call counts from when it is sent; its connection was made a moment before, and may have been to one that then ended.
_CONNECTED_SECONDS = 0.1


def disorder(answers: Sequence[Answer], happened: Sequence[Any], codes: Collection[str], seconds: float) -> list[str]:
    """Return in words which answers are not as they may be, however bad things are."""
    return [f"{one}: {why}" for one in answers for why in _wrong(one, happened, codes, seconds)]


def _wrong(one: Answer, happened: Sequence[Any], codes: Collection[str], seconds: float) -> Iterator[str]:
    if one.status is None and not _met(one, happened, _ENDS):
        yield "no answer, though its instance lived"
    elif one.status is not None and one.status >= 500:
        told = one.headers.get("retry-after", "")
        if one.status != 503:
            yield "a 5xx that is no 503"
        elif one.error not in codes:
            yield f"a 503 that is none of {', '.join(sorted(codes))}"
        elif not told.isdecimal() or int(told) < 1:
            yield f"a 503 with {told or 'no'} Retry-After"
    if one.milliseconds > 1000 * seconds and not _met(one, happened, _HOLDS):
        yield f"longer than {seconds:g} s"


def _met(one: Answer, happened: Sequence[Any], kinds: Sequence[str]) -> bool:
    """Say whether a call was under way at an instance while this befell it; nobody may listen there afterwards."""
    befell = [each for each in happened if each.instance is not None and each.what.startswith(tuple(kinds))]
    return any(
        one.ended >= each.started and (one.started <= each.ended + _CONNECTED_SECONDS or one.is_unsent)
        for each in befell if _is_at(one, each.instance)
    )  # fmt: skip


def _is_at(one: Answer, instance: str) -> bool:
    origin = origin_of(one.call.url) + "/"
    places = next((found for found in target().instances if found.name == instance), None)
    return places is not None and any(
        f"{url}/".startswith(origin) for url in (places.public, places.internal, places.admin) if url
    )


def readiness(answers: Sequence[Answer], wanted: str) -> str:
    """Return in words what an instance called itself meanwhile. Raises AssertionError when that was not wanted."""
    asked = [one for one in answers if one.status is not None]
    red = [one for one in asked if one.status == 503]
    if wanted == "red" and not red:
        raise AssertionError(f"no instance called itself not ready meanwhile: {len(asked)} times it was asked (6.1)")
    if wanted == "green" and red:
        raise AssertionError(f"{red[0]}, though nothing was away that it stands for (6.1)")
    if red:
        return f"red for {max(one.ended for one in red) - min(one.started for one in red):.1f} s"
    return "too short to see" if wanted == "brief" else "green"


def not_closed(ledger: Ledger) -> list[str]:
    """Return in words what yesterday was not closed as it should be, of whom every section was read today."""
    yesterday = ledger.today - timedelta(days=1)
    due = {(one.section, one.variant) for one in ledger.rows if one.created_at < end_of(yesterday)}
    made = Counter((one.section, one.variant) for one in ledger.snapshots if one.day == yesterday)
    return [
        f"{variant} in {section} has {made[section, variant]} snapshots for {yesterday}"
        for section, variant in sorted({*due, *made})
        if made[section, variant] != ((section, variant) in due)
    ]


def not_under_way(answers: Sequence[Answer], happened: Sequence[Any]) -> list[Answer]:
    """Return the failed answers of instances that were not just ending."""
    return [one for one in answers if one.is_failed and not _met(one, happened, _ENDS)]


def never_answered(answers: Sequence[Answer]) -> list[Answer]:
    """Return the last answers of calls that failed each time they were sent."""
    last: dict[str, Answer] = {}
    for one in sorted(answers, key=lambda one: one.started):
        last[one.request_id.partition(AGAIN)[0]] = one
    return [one for one in last.values() if one.is_failed]


def written_after_all(
    answers: Sequence[Answer], unwritten: Collection[str], written: Collection[tuple[str, str]]
) -> list[str]:
    """Return in words which calls stand in the ledger though all their answers said that nothing was written.

    ``written`` is what it holds: (operation id, operation type).
    """
    of: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for one in answers:
        operation = one.call.member("operation_id")
        if one.call.writes and operation:
            of[str(operation), one.call.writes].append(one)
    return [
        f"{found[0]}: it is in the ledger"
        for key, found in of.items()
        if key in written and all(one.status == 503 and one.error in unwritten for one in found)
    ]
