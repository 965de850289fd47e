"""Calls and contradictions in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from history.laws import BASE
from history.model import MOST, Problem, Step
from history.records import Record
from history.shrink import Part

_SHOWN = 4


def types_of(records: Iterable[Record]) -> dict[str, str]:
    """Return the type of each item id that a read told (4.3)."""
    found = {}
    for one in records:
        entries = one.told("items") if one.kind == "read" else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("item_id"), str) and entry.get("item_type"):
                found[entry["item_id"].lower()] = str(entry["item_type"])
    return found


class Words:
    """Tells calls and slots in words; ``types`` are those of item ids."""

    def __init__(self, types: dict[str, str]) -> None:
        self._types = types

    def slot(self, name: str) -> str:
        """Return a slot's name with the item's type in the place of its id."""
        for item, kind in self._types.items():
            name = name.replace(f"item {item[:8]}", kind)
        return name

    def ledger(self, part: Part, names: Sequence[str]) -> str:
        """Return the balances that a part begins with."""
        told = [
            f"{value} {self.slot(name)}"
            for name, value in zip(names, part.start, strict=True)
            if value and not name.startswith("operation ")
        ]
        return ", ".join(told) or "nothing"

    def items(self, entries: Any, quantity: str = "quantity") -> str:
        """Return the items that a body lists."""
        if not isinstance(entries, list):
            return "?"
        told = []
        for entry in entries:
            codes = [entry.get(one) for one in ("collection", "quality_level")]
            item = str(entry.get("item_id", "?")).lower()
            words = [str(code) for code in codes if code not in (None, BASE)]
            count = entry.get(quantity)
            told.append(" ".join([f"{count:+d}" if quantity == "quantity_change" else f"{count}", *words,
                                  self._types.get(item, f"item {item[:8]}")]))  # fmt: skip
        more = [f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
        return ", ".join(told[:_SHOWN] + more) or "nothing"

    def call(self, one: Record) -> str:
        """Return what a call asked for and was answered."""
        kind, section = one.kind, "" if one.section == "main" else f" in {one.section}"
        operation = str(one.member("operation_id") or one.path.rpartition("/")[2])[:8]
        asked = {
            "add": lambda: f"add {self.items(one.member('items'))}{section}",
            "reserve": lambda: f"reserve {self.items(one.member('items'))} as {operation}",
            "return": lambda: f"return {operation}",
            "consume": lambda: f"consume {operation}",
            "adjust": lambda: f"adjust {self.items(one.member('items'), 'quantity_change')}{section}",
            "read": lambda: f"read {one.section}",
            "reservation": lambda: f"ask for {operation}",
        }[str(kind)]()
        return f"{asked} → {self._answer(one)}"

    def _answer(self, one: Record) -> str:
        if one.status is None:
            return "no answer"
        if one.outcome != "ok":
            return f"{one.status} {one.error or ''}".strip()
        if one.kind == "read":
            return self.items(one.told("items"))
        return str(one.told("status") or "200") if one.kind == "reservation" else "200"

    def contradiction(self, problem: Problem, part: Part) -> str:
        """Return why a part of a history has no order, as a sentence."""
        stuck = part.result.stuck
        if stuck is None:
            return "no order was found"
        needs = "; ".join(self._need(problem, part, stuck)) or "no order explains that answer"
        seconds = stuck.start - part.steps[0].start
        return (
            f"{self.call(stuck.record)} (request {stuck.record.id}, worker {stuck.record.worker}, "
            f"{seconds * 1000:.1f} ms after the first of {len(part.steps)} calls that have no order): {needs}"
        )

    def _need(self, problem: Problem, part: Part, stuck: Step) -> list[str]:
        bounds: dict[int, list[str]] = {}
        for choice in stuck.choices:
            for slot, least, most in choice.guards:
                if any(not least <= state[slot] <= most for state in part.result.states):
                    bounds.setdefault(slot, []).append(_bound(least, most))
        return [
            f"{self.slot(problem.names[slot])} has to be {' or '.join(dict.fromkeys(wanted))} there, and whichever "
            f"order the other calls have, it is {_values([state[slot] for state in part.result.states])}"
            for slot, wanted in bounds.items()
            if not problem.names[slot].startswith("operation ")
        ] or [
            f"{problem.names[slot]} {_stands(part.result.states, slot)} in whichever order the other calls have"
            for slot in bounds
        ]


def _bound(least: int, most: int) -> str:
    if least == most:
        return str(least)
    return f"{least} or more" if most >= MOST else f"{most} or less"


def _values(values: Sequence[int]) -> str:
    found = sorted(set(values))
    return ", ".join(map(str, found)) if len(found) <= _SHOWN else f"one of {len(found)} from {found[0]} to {found[-1]}"


def _stands(states: Sequence[tuple[int, ...]], slot: int) -> str:
    names = ["is written", "is an active reservation", "is returned", "is consumed"]
    return " or ".join(sorted({names[state[slot] % 4] if state[slot] else "is not there" for state in states}))
