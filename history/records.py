"""What a caller saw of one call, and the file that keeps it: one JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

# No calls, but needed: rows that a test wrote into the ledger itself (the path says as if by which call: `add`,
# `reserve`), what a player's ledger held when somebody looked (operation ids and types), and what happened to the
# deployment meanwhile (the path says what).
ROWS, LEDGER, MARK = "ROWS", "LEDGER", "MARK"
# Ends the id of a call that was sent again, before how often it had been sent by then.
AGAIN = "-again-"
_PLAIN = re.compile(r"section=\w+")
_KINDS = {
    ("POST", "add-items"): "add",
    ("POST", "reserve"): "reserve",
    ("POST", "return-reserve"): "return",
    ("POST", "consume-reserve"): "consume",
    ("POST", "adjust"): "adjust",
    ("GET", "inventory"): "read",
}


@dataclass(frozen=True)
class Happened:
    """A trouble, when it began and ended by the monotonic clock, and the instance that it befell, if it was one."""

    what: str
    instance: str | None
    started: float
    ended: float


class HistoryError(Exception):
    """A file holds no history; the message says where and why."""


@dataclass(frozen=True)
class Record:
    """One call. ``start`` and ``end`` are readings of one monotonic clock in seconds; ``status`` None: no answer.

    ``user`` is whom the call is about, where its body or its token names somebody. No token is ever kept.
    """

    id: str
    worker: str
    start: float
    end: float
    user: str | None
    method: str
    path: str
    query: str
    sent: Any
    status: int | None
    got: Any

    @property
    def kind(self) -> str | None:
        """``add``, ``reserve``, ``return``, ``consume``, ``adjust``, ``read``, ``reservation``, or None."""
        # Services may differ in what they make of any other query that speaks of a section.
        if "section" in unquote(self.query) and not _PLAIN.fullmatch(self.query):
            return None
        return kind_of(self.method, self.path)

    @property
    def section(self) -> str:
        """The section that it is about (4.3: main unless told otherwise)."""
        if self.method == "GET":
            return parse_qs(self.query).get("section", ["main"])[0]
        return str(self.member("section") or "main")

    @property
    def outcome(self) -> str:
        """``ok``, ``refused`` or ``unknown``: no answer, or one that does not say whether it was done (4.13)."""
        if self.status is None or self.status >= 500:
            return "unknown"
        return "ok" if self.status == 200 else "refused"

    @property
    def error(self) -> str | None:
        """The code of a refusal."""
        code = self.got.get("error") if isinstance(self.got, dict) else None
        return code if isinstance(code, str) else None

    def member(self, name: str) -> Any:
        """A member of what was sent, None where there is none."""
        return self.sent.get(name) if isinstance(self.sent, dict) else None

    def told(self, name: str) -> Any:
        """A member of the answer, None where there is none."""
        return self.got.get(name) if isinstance(self.got, dict) else None


def kind_of(method: str, path: str) -> str | None:
    """Return which of the ledger's calls it is, by how its path ends in every shape (section 1); None for others."""
    if method == ROWS:
        return path
    *_, before, last = ["", "", *path.split("/")]
    if method == "GET" and before == "reservation":
        return "reservation"
    return _KINDS.get((method, last))


def line_of(record: Record) -> str:
    """Return a record as a line of the file, without its end."""
    return json.dumps(record.__dict__, separators=(",", ":"))


def read_files(paths: Iterable[Path]) -> list[Record]:
    """Return the records of files of one machine, by their start. Raises HistoryError naming file and line."""
    return sorted((one for path in paths for one in _records_of(path)), key=lambda one: one.start)


def _records_of(path: Path) -> Iterator[Record]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(lines, 1):
        try:
            found = Record(**json.loads(line))
            if not found.start <= found.end:
                raise ValueError("it ends before it starts")
            if found.method == LEDGER:
                dict(found.sent)
        except (ValueError, TypeError) as error:
            # The last line of a run that was killed may be cut short.
            if number == len(lines) and not line.endswith("}"):
                return
            raise HistoryError(f"{path}, line {number} is no record of a call: {error}") from None
        yield found
