"""Keeps records in memory and, once it has a folder, as lines of `history.jsonl` in it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TextIO

from history.records import LEDGER, MARK, ROWS, Record, line_of

NAME = "history.jsonl"


class Recorder:
    """Keeps what callers saw. ``folder`` tells where the file goes, None as long as there is no place for one;
    ``clean`` takes out of a line what no file may hold.
    """

    def __init__(self, folder: Callable[[], str | None], clean: Callable[[str], str]) -> None:
        self.records: list[Record] = []
        # Where the records of each player stand, and those that may be about anybody (None).
        self._places: defaultdict[str | None, list[int]] = defaultdict(list)
        self._folder, self._clean = folder, clean
        self._file: TextIO | None = None

    def keep(self, record: Record) -> None:
        """Keep a record."""
        owner = None if record.kind == "reservation" else record.user
        self._places[owner].append(len(self.records))
        self.records.append(record)
        if self._file is None:
            folder = self._folder()
            if folder is None:
                return
            self._file = (Path(folder) / NAME).open("w", encoding="utf-8")
        self._file.write(self._clean(line_of(record)) + "\n")

    def call(self, made: Record) -> None:
        """Keep a call, if it is one on a ledger."""
        if made.kind is not None:
            self.keep(made)

    def rows(self, kind: str, user_id: str, items: list[dict[str, Any]], operation_id: str, **sent: str) -> None:
        """Keep that a test wrote rows itself, as those of an addition (``add``) or a reservation (``reserve``)."""
        now = time.monotonic()
        said = {"items": items, "operation_id": operation_id, **sent}
        self.keep(Record(operation_id, "ledger", now, now, user_id, ROWS, kind, "", said, 200, None))

    def ledger(self, user_id: str, operations: Collection[tuple[str, str]]) -> None:
        """Keep what a player's ledger holds now, as operation ids and types: it tells what became of calls (law 5)."""
        now = time.monotonic()
        self.keep(Record("", "ledger", now, now, user_id, LEDGER, "", "", sorted(operations), None, None))

    def mark(self, what: str, started: float, ended: float) -> None:
        """Keep what was done to the deployment from then until then, for the pictures."""
        self.keep(Record(what, "", started, ended, None, MARK, what, "", None, None, None))

    def about(self, users: set[str]) -> list[Record]:
        """Return what is kept about some players, and the marks, in the order of their keeping."""
        places = (place for user in (None, *users) for place in self._places.get(user, ()))
        return [self.records[place] for place in sorted(places)]

    def forget(self) -> None:
        """Forget what is kept, where the ledger was emptied on purpose; the file keeps it."""
        self.records.clear()
        self._places.clear()

    def flush(self) -> None:
        """Write what is kept, so that a run that is killed has it."""
        if self._file is not None:
            self._file.flush()
