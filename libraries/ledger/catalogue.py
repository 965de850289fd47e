"""The target's own catalogue: items by class and type, ids by code. No UUID is ever written down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import requests
from robot.api import SkipExecution, logger

from history.laws import BASE, Variant
from libraries.ledger import database
from libraries.target.preparing import need, target
from libraries.target.settings import Target

# How the codes begin that tests have put there.
OF_A_TEST = "test_"
# The items that suites speak of: those that have to come in many variants first, so that they get the best stand-ins.
_TOOL, _ITS_BLUEPRINT, _OTHER_TOOL = "tools/axe", "blueprints/axe", "tools/pickaxe"
_OF_VARIANTS = (_TOOL, _ITS_BLUEPRINT, _OTHER_TOOL)
_CAST = (*_OF_VARIANTS, "stone", "wood", "ore", "keys/key", "diamond")
# The same of codes: those that are asked for most come first.
_LEVELS = ("metal", "wooden", "stone", "diamond")
_SEASONS = ("summer_2025", "winter_2025")
# What suites speak of by name never stands for something else.
_SPOKEN_OF = frozenset({
    "stone", "wood", "ore", "diamond", "axe", "key", "wooden", "metal", "winter_2025", "summer_2025",
})  # fmt: skip
_WORDS = re.compile(
    r"(?:(?P<quantity>[+-]?\d+)\s+)?(?:(?P<quality>[\w.-]+)\s+)?(?P<item>[\w./-]+)(?:\s+of\s+(?P<collection>[\w.-]+))?"
)
# Codes that no words can tell, and those that a test has put there, which an instance need not know yet.
_UNSPOKEN = re.compile(rf"^{OF_A_TEST}|[^\w.-]")


@dataclass(frozen=True)
class Item:
    """One item of the catalogue, and the classifiers of its quality levels and collections."""

    item_id: str
    item_class: str
    item_type: str
    quality_levels: str = "quality_level"
    collections: str = "collection"


@dataclass(frozen=True)
class Position:
    """A variant, its item, and how many of it."""

    variant: Variant
    item: Item
    quantity: int

    def body(self, quantity: str = "quantity") -> dict[str, Any]:
        """Return the position as a line of a call; ``quantity`` is the name that its number has there."""
        named = {"collection": self.variant.collection, "quality_level": self.variant.quality}
        parts = {name: code for name, code in named.items() if code != BASE}
        return {"item_id": self.item.item_id, **parts, quantity: self.quantity}

    def __str__(self) -> str:
        return f"{self.quantity} {self.variant}"


class Catalogue:
    """Finds items by words like ``10 stone``, ``2 wooden tools/axe of winter_2025``, ``-3 keys/key``.

    A target's catalogue need not have what suites speak of (section 5): another item, quality or collection then
    plays the part, the same one in every run whatever is asked for first, and the test is skipped when there is none.
    """

    def __init__(self, items: Iterable[Item], codes: dict[tuple[str, str], str]) -> None:
        self._by_id = {item.item_id: item for item in items}
        # Of several items of one class and type tests speak of the first; of those that tests have put there of none,
        # since an instance need not know them yet.
        first: dict[tuple[str, str], Item] = {}
        for item in self._by_id.values():
            if not item.item_type.startswith(OF_A_TEST):
                first.setdefault((item.item_class, item.item_type), item)
        self.items = tuple(first.values())
        self.codes = codes
        self._last: dict[str, Item] = {}
        self._code_by_id = {code_id: code for (_, code), code_id in codes.items()}
        self._variants: dict[tuple[str, str, str], Variant] = {}

    def item(self, words: str) -> Item:
        """Return the item of a type, or of a ``class/type`` where the type alone is not clear, or its stand-in."""
        found = self._played.get(words) or self._play(words, self._played)
        if found is None:
            raise SkipExecution(f"target {target().name} has nothing in its catalogue that can stand for {words}")
        if found not in self._named(words):
            logger.info(f"{found.item_class}/{found.item_type} stands for {words}, as what comes nearest here")
        self._last[found.item_type] = found
        return found

    @cached_property
    def _played(self) -> dict[str, Item]:
        played: dict[str, Item] = {}
        for part in _CAST:
            self._play(part, played)
        return played

    def _named(self, words: str) -> list[Item]:
        item_class, _, item_type = words.rpartition("/")
        return [i for i in self.items if i.item_type == item_type and item_class in ("", i.item_class)]

    def _play(self, part: str, played: dict[str, Item]) -> Item | None:
        """Find who plays a part, beside those who play others already: the item of that name, or the nearest."""
        named, tool = self._named(part), played.get(_TOOL)
        free = named or [i for i in self.items if i.item_type not in _SPOKEN_OF]
        # The only one of its name plays itself, whatever it comes in: tests speak of what there is by its name, too.
        if len(named) != 1:
            free = [i for i in free if i not in played.values()]
        if part == _ITS_BLUEPRINT:
            # Two items of one type, or none: that they share it is what is asked.
            free = [i for i in free if tool and i.item_type == tool.item_type]
        if free:
            types = {i.item_type for i in played.values()}
            played[part] = min(free, key=lambda one: self._unfitness(part, types, one))
        return played.get(part)

    def _unfitness(self, part: str, types: set[str], item: Item) -> tuple[Any, ...]:
        levels, seasons = len(self.codes_of(item.quality_levels)), len(self.codes_of(item.collections))
        if part not in _OF_VARIANTS:
            # What needs no variants leaves those to others, and is told from them by its type alone.
            return item.item_type in types, levels * seasons
        shared = sum(item.item_type == other.item_type for other in self.items) > 1
        own_class = part.startswith(item.item_class)
        return levels < 2 or seasons < 2, not shared, not own_class, -levels * seasons

    def code(self, item: Item, classifier: str, code: str) -> str:
        """Return a code of an item's classifier, or its stand-in."""
        known = self.codes_of(classifier)
        if code == BASE or code in known or not known:
            return code
        kind, asked = ("collection", _SEASONS) if classifier == item.collections else ("quality level", _LEVELS)
        lacking = [one for one in asked if one not in known]
        free = [one for one in known if one not in (BASE, *_SPOKEN_OF)]
        found = dict(zip(lacking, free, strict=False)).get(code)
        if found is None:
            who = f"{item.item_class}/{item.item_type} of target {target().name}"
            raise SkipExecution(f"{who} comes in no {kind} that can stand for {code}")
        logger.info(f"{found} stands for {code}, which {item.item_class}/{item.item_type} does not come in")
        return found

    def position(self, words: str) -> Position:
        """Return the position that words tell. Without a number the quantity is 1. Raises AssertionError."""
        match = _WORDS.fullmatch(words.strip())
        if match is None:
            raise AssertionError(f"{words!r} does not read like '10 stone' or '2 wooden tools/axe of winter_2025'")
        item = self.item(match["item"])
        quality = self.code(item, item.quality_levels, match["quality"] or BASE)
        collection = self.code(item, item.collections, match["collection"] or BASE)
        variant = Variant(item.item_class, item.item_type, quality, collection)
        return Position(variant, item, int(match["quantity"] or 1))

    def positions(self, words: Iterable[str]) -> list[Position]:
        """Return the positions that several words tell."""
        return [self.position(one) for one in words]

    def variant_of(self, entry: Any) -> Variant:
        """Return the variant of an item in an answer, which names it by its id or by codes (4.8).

        Raises AssertionError when the catalogue lacks the item.
        """
        if not isinstance(entry, dict):
            raise AssertionError(f"an answer lists {entry!r} where an item is promised")
        item_id, item_type = str(entry.get("item_id")).lower(), entry.get("item_code")
        # A type alone is that of the item that was spoken of last.
        item = self._by_id.get(item_id) or self._last.get(str(item_type))
        item = item or next((i for i in self.items if i.item_type == item_type), None)
        if item is None or (item_type is not None and item.item_type != item_type):
            raise AssertionError(f"an answer names item {item_id or item_type}, which the target's catalogue lacks")
        quality = entry.get("quality_level") or entry.get("quality_level_code") or BASE
        collection = entry.get("collection") or entry.get("collection_code") or BASE
        return Variant(item.item_class, item.item_type, quality, collection)

    def codes_of(self, classifier: str) -> list[str]:
        """Return the codes of a classifier, as far as they can be told in words."""
        return [code for name, code in self.codes if name == classifier and not _UNSPOKEN.search(code)]

    def knows(self, ids: Iterable[str | None]) -> bool:
        """Say whether all these are ids of items or codes (or None)."""
        return all(one is None or one in self._code_by_id or one in self._by_id for one in ids)

    def code_of(self, code_id: str) -> str:
        """Return a code by its id. Raises AssertionError when there is none."""
        if code_id not in self._code_by_id:
            raise AssertionError(f"the ledger names code {code_id}, which the target's classifiers lack")
        return self._code_by_id[code_id]

    def variant_by_ids(self, item_id: str, quality_id: str, collection_id: str) -> Variant:
        """Return the variant that the ledger writes with these ids. Raises AssertionError when there is none."""
        ids = (item_id, quality_id, collection_id)
        if ids not in self._variants:
            item = self._by_id.get(item_id)
            if item is None:
                raise AssertionError(f"the ledger names item {item_id}, which the target's catalogue lacks")
            quality, collection = self.code_of(quality_id), self.code_of(collection_id)
            self._variants[ids] = Variant(item.item_class, item.item_type, quality, collection)
        return self._variants[ids]

    def code_id(self, classifier: str, code: str) -> str:
        """Return the id of a classifier's code. Raises AssertionError when there is none."""
        found = self.codes.get((classifier, code))
        if found is None:
            raise AssertionError(f"the target's classifier {classifier} has no code {code!r}")
        return found


@cache
def catalogue() -> Catalogue:
    """Return the target's catalogue, read once a process. Skips the test when it cannot be read."""
    need("catalogue")
    found = target()
    if found.database_host:
        return from_database()
    return from_file(Path(found.catalogue_file)) if found.catalogue_file else from_answer(found)


def catalogue_of(ids: Iterable[str | None]) -> Catalogue:
    """Return the target's catalogue, read anew when it lacks one of these ids of the ledger."""
    ids = list(ids)
    if not catalogue().knows(ids):
        catalogue.cache_clear()
    return catalogue()


def from_file(path: Path) -> Catalogue:
    """Read a catalogue from JSON. Raises AssertionError naming the setting when that fails.

    It has ``items`` (each with ``item_id``, ``item_class``, ``item_type``), ``quality_levels`` and ``collections``; an
    item that comes in others, or in none, has lists of its own.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        lists = {"quality_level": "quality_levels", "collection": "collections"}
        codes = {(kind, str(code)): "" for kind, name in lists.items() for code in content.get(name, ())}
        items = []
        for entry in content["items"]:
            own = [f"{kind} of {entry['item_id']}" if name in entry else kind for kind, name in lists.items()]
            items.append(Item(entry["item_id"], entry["item_class"], entry["item_type"], *own))
            for kind, name in zip(own, lists.values(), strict=True):
                codes |= {(kind, str(code)): "" for code in (BASE, *entry.get(name, ())) if name in entry}
        return Catalogue(items, codes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssertionError(f"TARGET_CATALOGUE_FILE {path} cannot be read: {error!r}") from None


def from_answer(found: Target) -> Catalogue:
    """Read the catalogue from what the target says a player owns (4.3). Raises AssertionError when that fails."""
    try:
        owner = {"Authorization": f"Bearer {found.catalogue_token.value if found.catalogue_token else ''}"}
        url, verify = str(found.catalogue_url), found.ca_file or True
        entries = requests.get(url, headers=owner, timeout=found.timeout_seconds, verify=verify).json()["items"]
        items = {Item(e["item_id"], e["item_class"], e["item_type"]): None for e in entries}
        codes = {(kind, e[kind]): "" for kind in ("quality_level", "collection") for e in entries if e.get(kind)}
        return Catalogue(items, codes)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssertionError(
            f"TARGET_CATALOGUE_URL {found.catalogue_url} does not list what the owner of TARGET_CATALOGUE_TOKEN has: "
            f"{type(error).__name__} {error}"
        ) from None


def from_database() -> Catalogue:
    """Read the catalogue from the target's database."""
    items = database.rows("""
        SELECT i.id::text, class.code, type.code, coalesce(quality.code, 'no quality_level'),
               coalesce(collection.code, 'no collection') FROM inventory.items i
        JOIN inventory.classifier_items class ON class.id = i.item_class_id
        JOIN inventory.classifier_items type ON type.id = i.item_type_id
        LEFT JOIN inventory.classifiers quality ON quality.id = i.quality_levels_classifier_id
        LEFT JOIN inventory.classifiers collection ON collection.id = i.collections_classifier_id
        ORDER BY class.code, type.code""")
    codes = database.rows("""
        SELECT c.code, ci.code, ci.id::text FROM inventory.classifier_items ci
        JOIN inventory.classifiers c ON c.id = ci.classifier_id""")
    known = {(row[0], row[1]): row[2] for row in codes}
    found = [Item(*row) for row in items]
    # Each comes in the standard variant: what has no list of its own in that alone, and a list need not name it.
    for item in found:
        for own, general in ((item.quality_levels, "quality_level"), (item.collections, "collection")):
            if (general, BASE) in known:
                known.setdefault((own, BASE), known[general, BASE])
    return Catalogue(found, known)
