"""What a failed test needs to be understood: its players' ledger rows, the services' log lines of its requests."""

from __future__ import annotations

import html
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from robot.api import logger

from libraries.calls import described, recording, redaction
from libraries.calls.answers import Answer
from libraries.calls.causes import Red, as_metadata, causes, in_words, rules_line
from libraries.calls.pictures import table
from libraries.calls.strength import in_words as strength
from libraries.target import preparing
from libraries.target.console import announce, announce_at_the_end, under_pabot
from libraries.target.keywords import RUN
from libraries.target.logs import log_lines
from libraries.tokens.token import Player

# What Robot says of a test that it left out because another one had failed.
LEFT_OUT = "Failure occurred and exit-on-failure mode is in use"
_MAX_LINES = 40
_COLUMNS = ("timestamp", "level", "method", "path", "status", "duration_ms", "request_id", "message")


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
    last: Answer | None = None
    players: dict[str, Player] = field(default_factory=dict)

    def next_request_id(self) -> str:
        """Return an id that no other call of any run has, and that leads back to this test."""
        self.calls += 1
        return f"{self.prefix}.{self.calls}"


current = Record()
# By player: the answers to writing calls that this process made.
journal: dict[str, list[Written]] = {}
# Tokens that a later login or a logout has ended.
ended_tokens: set[str] = set()


def _plain(quantity: str, **members: Any) -> dict[str, Any]:  # noqa: ARG001  whose lines have none
    return members


# Shows a player's ledger as HTML, and builds a body, items in words too; the ledger library puts itself here.
show_ledger: Callable[[Player], str] | None = None
body_of: Callable[..., dict[str, Any]] = _plain


def note(answer: Answer) -> None:
    """Remember an answer as the test's last, and what it says about the ledger."""
    current.last = answer
    described.look_at(answer, current.name)
    recording.record(answer)
    call = answer.call
    user_id, operation_id = call.member("user_id"), call.member("operation_id")
    if call.writes is not None and isinstance(user_id, str):
        ids = answer.body.get("operation_ids") if answer.status == 200 and isinstance(answer.body, dict) else None
        rows = tuple(ids) if isinstance(ids, list) else None
        named = operation_id if isinstance(operation_id, str) else None
        journal.setdefault(user_id, []).append(Written(user_id, named, call.writes, answer.status, rows))


def note_player(player: Player) -> None:
    """Count a login as one of this test; it ends the user's earlier tokens (2.11)."""
    earlier = current.players.get(player.user_id)
    if earlier is not None:
        ended_tokens.add(earlier.token.value)
    current.players[player.user_id] = player


def server_lines(marker: str) -> list[tuple[str, str]]:
    """Return the services' log lines that hold a text, redacted, each with its file's name."""
    try:
        return [(name, redaction.redact(line)) for name, line in list(log_lines(marker))[-_MAX_LINES:]]
    except AssertionError as error:
        return [("", str(error))]


def lines_table(lines: list[tuple[str, str]]) -> str:
    """Return log lines as an HTML table; what is no JSON stands whole in its last column."""
    return table(("service", *_COLUMNS), (_cells(name, line) for name, line in lines))


def _cells(name: str, line: str) -> list[object]:
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return [name, *[""] * (len(_COLUMNS) - 1), line[:2000]]
    rest = {key: value for key, value in told.items() if key not in _COLUMNS and value and key != "service"}
    message = f"{told.get('message', '')} {redaction.show(rest, 1000) if rest else ''}"
    return [name, *(told.get(column, "") for column in _COLUMNS[:-1]), message]


def show() -> None:
    """Write the evidence of the current test to the log."""
    parts = {f"Ledger of {one}": _guarded(one) for one in list(current.players.values())[-2:] if show_ledger}
    lines = server_lines(current.prefix + ".") if current.calls else []
    if lines:
        parts["Server log lines of this test"] = lines_table(lines)
    for title, content in parts.items():
        logger.info(f"<b>{html.escape(title)}</b><br>{content}", html=True)


def _guarded(player: Player) -> str:
    # Evidence must never hide the failure that it is to explain.
    try:
        return show_ledger(player) if show_ledger is not None else ""
    except Exception as error:
        return html.escape(f"not readable: {error}")


def _with_parents(one: Any) -> list[Any]:
    """Return a test or suite and the suites around it, the whole run last.

    That is not the outermost suite that listens: where several paths are run, each would be a run of its own.
    """
    found = [one]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


class EvidenceListener:
    """Robot listener: a new record for each test, evidence in the log when it failed, no secret anywhere."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._red: list[Red] = []
        # Each test's status and documentation.
        self._ended: list[tuple[str, str]] = []

    def start_suite(self, data: Any, _result: Any) -> None:
        """Remember the outermost suite."""
        RUN.top = RUN.top or data

    def log_message(self, message: Any) -> None:
        """Hide what no log may hold, whoever logs it."""
        message.message = redaction.redact(message.message)

    def start_test(self, data: Any, _result: Any) -> None:
        """Begin a record."""
        global current
        current = Record(name=data.full_name)

    def end_test(self, data: Any, result: Any) -> None:
        """Attach what explains a failure; end the run when a part of the stack has died."""
        recording.history.flush()
        self._ended.append((result.status, result.doc))
        if not under_pabot() and all(status == "SKIP" for status, _ in self._ended) and self._is_over(data):
            result.status, result.message = "FAIL", f"Every test was skipped, nothing is proven: {result.message}"
        result.message = redaction.redact(result.message)
        described.tell(_with_parents(data)[-1])
        if not result.failed or result.message.startswith(LEFT_OUT):
            return
        dead = preparing.dead_parts()
        if dead:
            result.message = "The run ends here: " + redaction.redact("\n".join(dead))
            for suite in _with_parents(data)[1:]:
                suite.suites.clear()
                suite.tests.clear()
            return
        result.message = rules_line(result.doc) + result.message
        self._red.append(Red(result.full_name, result.doc, result.message))
        show()

    def _is_over(self, one: Any) -> bool:
        return len(self._ended) >= int(_with_parents(one)[-1].test_count)

    def end_suite(self, data: Any, result: Any) -> None:
        """Tell the causes of the red tests, and how strong the run was, when it is over."""
        if not self._ended or not self._is_over(data):
            return
        metadata = _with_parents(result)[-1].metadata
        if self._red:
            found = causes(self._red)
            metadata["Causes"] = as_metadata(found)
            announce("\n".join(in_words(found)), everywhere=True)
        if under_pabot():
            announce_at_the_end("libraries.calls.strength.in_words", self._ended)
        else:
            metadata["Strength"] = strength(self._ended)
            announce(metadata["Strength"])
        self._ended = []
