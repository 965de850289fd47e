"""What Schemathesis is told while it runs: who calls, which ids there are; and what was answered, line by line.

It imports this file in a process of its own; ``FUZZ_WORLD`` names a JSON file with what there is, ``FUZZ_LOG`` the file
to write to.
"""

import json
import os
import random
import uuid
from collections import deque
from pathlib import Path
from typing import Any

import requests
import schemathesis

WORLD = json.loads(Path(os.environ["FUZZ_WORLD"]).read_text("utf-8"))
LOG = Path(os.environ["FUZZ_LOG"]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115  as long as the process
# Seeded, so that a run with the same seed of Schemathesis asks the same again.
CHANCE = random.Random(7)
# Ids of operations that were written, for calls that end or read them.
written: deque[str] = deque(maxlen=20)
_BEGIN = ("/add-items", "/reserve", "/adjust")


@schemathesis.auth(refresh_interval=None)
class Callers:
    """Gives each call a token of somebody who may make it."""

    def get(self, case: Any, _context: Any) -> str | None:
        """Return the token, None where the description says that nobody is asked."""
        wanted = case.operation.definition.raw.get("security") or [{}]
        who = next(iter(wanted[-1]), None)
        if who is None:
            return None
        if case.operation.path.endswith("/logout"):
            # It ends its own token, which others still need.
            told = requests.post(WORLD["login"], json={"telegram_id": CHANCE.getrandbits(40) + 1, "username": "f"},
                                 timeout=10).json()  # fmt: skip
            return str(told["token"])
        token: str = CHANCE.choice(WORLD["tokens"][who])
        return token

    def set(self, case: Any, data: str | None, _context: Any) -> None:
        """Put the token into the call."""
        if data is not None:
            case.headers["Authorization"] = f"Bearer {data}"


def _real(name: str, value: Any, again: float) -> Any:
    """Return, most of the time, something that exists in place of something of the same form that does not."""
    if CHANCE.random() < 0.15:
        return value
    if name == "quantity" and type(value) is int and 1000 < value < 2**53:
        return value % 1000 + 1
    if name in ("collection", "quality_level") and isinstance(value, str):
        return None
    if not _is_uuid(value):
        return value
    if name == "operation_id":
        # Made ids are often the same: all but the first would be conflicts.
        return (
            CHANCE.choice(written)
            if written and CHANCE.random() < again
            else str(uuid.UUID(int=CHANCE.getrandbits(128)))
        )
    return CHANCE.choice(WORLD[name]) if name in WORLD else value


def _is_uuid(value: Any) -> bool:
    try:
        return bool(str(uuid.UUID(value)) == value)
    except (ValueError, AttributeError, TypeError):
        return False


def _all_real(value: Any, again: float) -> Any:
    if isinstance(value, dict):
        return {name: _all_real(_real(name, one, again), again) for name, one in value.items()}
    return [_all_real(one, again) for one in value] if isinstance(value, list) else value


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Let ids be those of players, items and operations that there are."""
    # How often a call is about an operation that was written before: what ends or reads one, nearly always.
    again = 0.2 if case.path.endswith(_BEGIN) else 0.9
    case.body = _all_real(case.body, again)
    case.path_parameters = _all_real(case.path_parameters, again)
    case.query = _all_real(case.query, again)


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Write down what was asked and answered."""
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else None
    try:
        got = json.loads(response.content)
    except ValueError:
        got = None
    if response.status_code == 200 and isinstance(body, dict) and "/reserve" in case.path:
        written.append(body["operation_id"])
    entry = {"method": case.method, "path": case.path, "status": response.status_code, "sent": body, "got": got}
    LOG.write(json.dumps(entry, default=str) + "\n")
