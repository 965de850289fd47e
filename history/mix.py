"""Puts calls into a random order that can be had again, in which they collide."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
# Within which part of the whole the other calls of an operation come, and which part of them before its first.
_SOON, _EARLY = 0.06, 0.1


def in_random_order(seed: int, calls: Iterable[T], operation_of: Callable[[T], str | None]) -> list[T]:
    """Return calls in an order that the seed decides; those of one operation stand close together, and most of
    them after its first.
    """
    chance = random.Random(seed)
    first: dict[str, float] = {}
    places = []
    for number, call in enumerate(calls):
        place, operation = chance.random(), operation_of(call)
        if operation in first:
            place = first[operation] + _SOON * (place - _EARLY)
        elif operation is not None:
            first[operation] = place
        places.append((place, number, call))
    return [call for _, _, call in sorted(places, key=lambda one: one[:2])]
