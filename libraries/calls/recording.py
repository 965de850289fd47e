"""Keeps what every call on a ledger saw, for law 7: in memory and in `history.jsonl` beside the results."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from history.recorder import Recorder
from history.records import Record
from libraries.calls import redaction
from libraries.calls.answers import Answer
from libraries.tokens.token import Token


def _folder() -> str | None:
    try:
        return str(BuiltIn().get_variable_value("${OUTPUT DIR}"))
    except RobotNotRunningError:
        return None


history = Recorder(_folder, redaction.redact)


def record(answer: Answer) -> None:
    """Keep an answer, if it is one about a ledger. No token is kept; a call that nobody took is none."""
    call = answer.call
    if answer.is_unsent:
        return
    try:
        sent = call.body if call.raw is None else json.loads(call.raw)
    except ValueError:
        sent = None
    user = call.member("user_id") or (_subject(call.token) if call.token else None)
    history.call(Record(
        answer.request_id, answer.worker, answer.started, answer.ended, user if isinstance(user, str) else None,
        call.method, call.path, call.url.partition("?")[2], sent, answer.status, answer.body,
    ))  # fmt: skip


@lru_cache(maxsize=4096)
def _subject(token: Token) -> Any:
    try:
        return token.claims.get("sub")
    except AssertionError:
        return None
