"""What a mutant is: one small change to a text of the services, under a name that outlives other changes."""

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Language = Literal["sql", "python"]
_SPACE = re.compile(r"\s+")


class MutantError(Exception):
    """The mutants cannot be asked; the message says why and what to do."""


@dataclass(frozen=True)
class Edit:
    """One place of a text and what stands there instead. ``shown`` and ``becomes`` are what a reader is told."""

    kind: str
    start: int
    end: int
    text: str
    shown: str
    becomes: str
    # Further places that have to change with it, as (start, end, text).
    others: tuple[tuple[int, int, str], ...] = ()

    def applied(self, source: str) -> str:
        """Return the changed text."""
        changes = sorted([(self.start, self.end, self.text), *self.others], reverse=True)
        for start, end, text in changes:
            source = source[:start] + text + source[end:]
        return source


@dataclass(frozen=True)
class Mutant:
    """One small change.

    ``file`` and ``function`` say where it is: for SQL the object of the live database. ``original`` and ``change`` are
    the piece that changes and what becomes of it; ``nth`` tells equal ones in one function apart. For Python,
    ``before`` and ``install`` are the module's source without and with the change; for SQL, ``install`` and
    ``restore`` are statements.
    """

    language: Language
    file: str
    function: str
    kind: str
    original: str
    change: str
    nth: int
    line: int
    before: str
    install: str
    restore: str = ""
    module: str = ""

    @property
    def name(self) -> str:
        """The mutant in one line; the same as long as its function says the same there."""
        place = f" (no. {self.nth + 1})" if self.nth else ""
        return f"{self.file}:{self.function}: {self.kind}: {self.original} -> {self.change or '(nothing)'}{place}"

    @property
    def key(self) -> str:
        """A short form of ``name``."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:10]

    @property
    def service(self) -> str:
        """``ledger``, ``auth``, ``inventory`` or ``common``."""
        return "ledger" if self.language == "sql" else self.file.split("/")[1]

    def diff(self) -> str:
        """The change as a unified diff with two lines around it."""
        lines = difflib.unified_diff(self.before.splitlines(), self.install.splitlines(), self.file, self.file, n=2,
                                     lineterm="")  # fmt: skip
        return "\n".join(lines)


def one_line(text: str, limit: int = 160) -> str:
    """Return a text with its white space made single; a long one is told apart by a hash at its end."""
    short = _SPACE.sub(" ", text).strip()
    if len(short) <= limit:
        return short
    return f"{short[: limit - 12]}… #{hashlib.sha256(short.encode()).hexdigest()[:8]}"


def numbered(edits: Iterable[Edit]) -> Iterator[tuple[Edit, int]]:
    """Pair each edit of one function with its number among those that read the same; drop those that change nothing."""
    seen: Counter[tuple[str, str, str]] = Counter()
    done: set[tuple[int, int, str, tuple[tuple[int, int, str], ...]]] = set()
    for edit in edits:
        place = (edit.start, edit.end, edit.text, edit.others)
        if place in done:
            continue
        done.add(place)
        sign = (edit.kind, one_line(edit.shown), one_line(edit.becomes))
        yield edit, seen[sign]
        seen[sign] += 1


def line_of(source: str, offset: int) -> int:
    """The number of the line, from 1, that holds an offset."""
    return source.count("\n", 0, offset) + 1


Accept = Callable[[str], bool]
