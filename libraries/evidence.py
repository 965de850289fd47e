"""What a failed test needs to be understood: its last call, its players' ledger rows, the services' log lines."""

from __future__ import annotations

import html
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from robot.api import logger

from libraries import redaction

_MAX_LINES = 40
_TAIL_BYTES = 4_000_000


@dataclass(frozen=True)
class Written:
    """How a writing call was answered. ``row_ids`` is None when the answer did not name the rows."""

    user_id: str | None
    operation_id: str | None
    operation_type: str
    status: int | None
    row_ids: tuple[str, ...] | None


@dataclass
class Record:
    """What happened in the current test."""

    prefix: str = field(default_factory=lambda: secrets.token_hex(4))
    name: str = ""
    calls: int = 0
    last: Any = None
    players: list[Any] = field(default_factory=list)

    def next_request_id(self) -> str:
        """Return an id that no other call of any run has, and that leads back to this test."""
        self.calls += 1
        return f"{self.prefix}.{self.calls}"


current = Record()
# By player: the answers to writing calls that this process made.
journal: dict[str, list[Written]] = {}
# Shows a player's ledger rows as an HTML table; the ledger library puts itself here when it is used.
show_rows: Callable[[Any], str] | None = None
# The services' log files, where they can be read.
log_files: Callable[[], list[Path]] = list
# What has ended by itself of the target, in words, where that can be told.
ended: Callable[[], list[str]] = list


def begin(name: str) -> None:
    """Start the record of a test."""
    global current
    current = Record(name=name)


def note_written(entry: Written) -> None:
    """Remember how a writing call was answered."""
    if entry.user_id is not None:
        journal.setdefault(entry.user_id, []).append(entry)


def server_lines(marker: str) -> list[str]:
    """Return the services' log lines that hold a request id (or the beginning of one), redacted."""
    found = [f"{path.stem}: {line}" for path in log_files() for line in _tail(path) if marker in line]
    return [redaction.redact(line) for line in found[-_MAX_LINES:]]


def _tail(path: Path) -> list[str]:
    try:
        with path.open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - _TAIL_BYTES))
            return log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def show() -> None:
    """Write the evidence of the current test to the log."""
    parts = []
    if current.last is not None:
        parts.append(("Last call", f"<pre>{html.escape(current.last.details())}</pre>"))
    if show_rows is not None:
        parts += [(f"Ledger rows of {player}", _guarded(player)) for player in current.players[-2:]]
    lines = server_lines(f'"{current.prefix}.') if current.calls else []
    if lines:
        parts.append(("Server log lines of this test", f"<pre>{html.escape(chr(10).join(lines))}</pre>"))
    for title, content in parts:
        logger.info(f"<b>{html.escape(title)}</b><br>{content}", html=True)


def _guarded(player: Any) -> str:
    # Evidence must never hide the failure that it is to explain.
    try:
        return show_rows(player) if show_rows is not None else ""
    except Exception as error:
        return html.escape(f"not readable: {error}")


class EvidenceListener:
    """Robot listener: a new record for each test, evidence in the log when it failed."""

    ROBOT_LISTENER_API_VERSION = 3

    def start_test(self, data: Any, _result: Any) -> None:
        """Begin a record."""
        begin(data.full_name)

    def end_test(self, _data: Any, result: Any) -> None:
        """Attach what explains a failure."""
        if result.failed:
            show()
