"""What a failed test needs to be understood: its players' ledger rows, the services' log lines of its requests."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import requests
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from history.laws import Written
from history.recorder import Recorder
from history.records import Record as HistoryRecord
from history.run import HistoriesOfTheRun
from libraries.calls import wire
from libraries.target import preparing
from libraries.target.logs import keep_logs, log_lines
from libraries.tokens.token import Player
from reporting import redaction
from reporting.answers import Answer, Bearer, origin_of
from reporting.description import Descriptions
from reporting.last_test import LastTest
from reporting.pictures import lines_table
from reporting.promises import Promises
from reporting.run import RunListener, show_evidence, with_parents

_MAX_LINES = 40
_SECONDS = 5.0


@dataclass
class Record:
    """What happened in the current test."""

    prefix: str = field(default_factory=lambda: secrets.token_hex(4))
    name: str = ""
    is_judged_by_form: bool = True
    calls: int = 0
    last: Answer | None = None
    players: dict[str, Player] = field(default_factory=dict)
    # Requests whose answers were not the expected ones.
    unexpected: set[str] = field(default_factory=set)

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
show_ledger: Callable[[Player], str] = str
body_of: Callable[..., dict[str, Any]] = _plain


def note(answer: Answer) -> None:
    """Remember an answer as the test's last, and what it says about the ledger."""
    current.last = answer
    descriptions.look_at(answer, current.name)
    if current.is_judged_by_form:
        promises.look_at(answer, current.name)
    _keep(answer)
    call = answer.call
    user_id, operation_id = call.member("user_id"), call.member("operation_id")
    if call.writes is not None and isinstance(user_id, str):
        ids = answer.body.get("operation_ids") if answer.status == 200 and isinstance(answer.body, dict) else None
        rows = tuple(str(one).lower() for one in ids) if isinstance(ids, list) else None
        # An id in capitals is the same id.
        user_id, named = user_id.lower(), operation_id.lower() if isinstance(operation_id, str) else None
        journal.setdefault(user_id, []).append(Written(user_id, named, call.writes, answer.status, rows))


def _keep(answer: Answer) -> None:
    """Keep an answer for law 7, if it is one about a ledger. No token is kept; a call that nobody took is none."""
    call = answer.call
    if answer.is_unsent:
        return
    try:
        sent = call.body if call.raw is None else json.loads(call.raw)
    except (ValueError, RecursionError):
        sent = None
        if answer.status == 200:
            # Whatever it has written, no history tells of it.
            histories.leave_out(set(current.players))
    named = sent.get("user_id") if isinstance(sent, dict) else None
    user = named or (_subject(call.token) if call.token else None)
    history.call(HistoryRecord(
        answer.request_id, answer.worker, answer.started, answer.ended, user.lower() if isinstance(user, str) else None,
        call.method, call.path, call.url.partition("?")[2], sent, answer.status, answer.body,
    ))  # fmt: skip


@lru_cache(maxsize=4096)
def _subject(token: Bearer) -> Any:
    try:
        return token.claims.get("sub")
    except AssertionError:
        return None


def _folder() -> str | None:
    try:
        return str(BuiltIn().get_variable_value("${OUTPUT DIR}"))
    except RobotNotRunningError:
        return None


# What every call on a ledger saw: in memory, and in `history.jsonl` beside the results.
history = Recorder(_folder, redaction.redact)
histories = HistoriesOfTheRun()
_ORDER = "law 7, 4.3 S: all that was answered about the players of a test that asks for something else."
without_order = LastTest("What Callers Saw In Other Tests Has An Order Too", _ORDER)


def note_player(player: Player) -> None:
    """Count a login as one of this test; it ends the user's earlier tokens (2.11)."""
    earlier = current.players.get(player.user_id)
    if earlier is not None:
        ended_tokens.add(earlier.token.value)
    current.players[player.user_id] = player


def _server_lines() -> str:
    shown = most_telling(list(log_lines(current.prefix + ".")), current.unexpected)
    return lines_table((name, redaction.redact(line)) for name, line in shown) if shown else ""


def most_telling(found: list[tuple[str, str]], unexpected: Collection[str]) -> list[tuple[str, str]]:
    """Return the lines to show: those of requests with an unexpected answer, the first and the last, then the last."""
    wanted = re.compile("|".join(rf"{re.escape(one)}(?!\d)" for one in sorted(unexpected)) or "(?!)")
    telling = [one for one in found if wanted.search(one[1])]
    if len(telling) > _MAX_LINES:
        telling = telling[: _MAX_LINES // 2] + telling[-_MAX_LINES // 2 :]
    others = [one for one in found if not wanted.search(one[1])]
    return telling + others[max(0, len(others) - _MAX_LINES + len(telling)) :]


def _fetched(origin: str) -> dict[str, Any] | None:
    if path_of_description is None:
        return None
    found = preparing.target()
    if origin not in set(map(origin_of, found.urls())):
        # A service of a suite's own, or something in between: it may have been made to answer wrongly.
        return None
    try:
        answer = requests.get(f"{origin}{path_of_description}", timeout=_SECONDS, verify=found.ca_file or True)
        return dict(answer.json()) if answer.status_code == 200 else None
    except (requests.RequestException, ValueError):
        return None


# Where a listener describes its calls; the resources say it.
path_of_description: str | None = None
descriptions = Descriptions(_fetched)
# What the contract promises of answers; the resources say it.
promises = Promises([])


class EvidenceListener(RunListener):
    """Robot listener: a new record for each test, and evidence in the log when it failed."""

    def start_test(self, data: Any, _result: Any) -> None:
        """Begin a record."""
        global current
        # What is asked in an odd form may be refused by a server or a gateway before the service, in its own words.
        is_judged = not {"hardening", "odd-form"} & {tag.lower() for tag in data.tags}
        current = Record(name=data.full_name, is_judged_by_form=is_judged)

    def end_test(self, data: Any, result: Any) -> None:
        """Hang up, keep the history and judge it, and leave room for tests of what nobody has asked about."""
        wire.hang_up()
        history.flush()
        if result.passed:
            for problem in histories.problems(history.about(set(current.players)), current.players):
                without_order.see(problem, data.full_name)
        for last_test in (without_order, descriptions.last_test, promises.last_test):
            last_test.tell(with_parents(data)[-1])
        super().end_test(data, result)

    def gone(self) -> list[str]:
        """Return which parts of the stack have died."""
        return preparing.dead_parts()

    def explain(self) -> None:
        """Write the evidence of the current test to the log."""
        parts = {f"Ledger of {one}": partial(show_ledger, one) for one in list(current.players.values())[-2:]}
        show_evidence({**parts, "Server log lines of this test": _server_lines} if current.calls else parts)

    def keep(self) -> None:
        """Copy the embedded stack's logs to ``service-logs/`` among the run's results."""
        folder = Path(_folder() or "")
        # Under Pabot each process has a folder of its own in those of the run.
        folder = next((one.parent for one in folder.parents if one.name == "pabot_results"), folder)
        with suppress(OSError):
            keep_logs(folder / "service-logs")
