"""The mix of k6_loadtest.js for Locust: for those who need more load than one machine can make.

`robot --variable TOOL:locust load/` runs it with a master and two workers. Settings, from the environment: PLAYERS, a
JSON file with addresses, tokens and players; RECORDS, where to write a line for each call (load/records.py says what is
in one); WORKER and WORKERS, which of how many workers this is, so that no two use the same player.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, TextIO
from uuid import uuid4

from locust import FastHttpUser, between, task

RESERVES, REPEATS, ASKS_TOO_MUCH, ADJUSTS = 0.35, 0.1, 0.05, 0.02
TOO_MUCH = 1_000_000_000_000
REASON = "load test: stock corrected, "
Lines = Sequence[tuple[int, int]]


def _load() -> dict[str, Any]:
    path = os.environ.get("PLAYERS")
    if not path and "--master" in sys.argv:
        # The master only counts; it needs no tokens.
        return {"players": []}
    if not path:
        raise SystemExit("PLAYERS must name the file with players and tokens: see docs/load.md")
    content: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return content


def _records() -> TextIO:
    # A line at a time, so that what was acknowledged is known even if this worker is killed.
    return Path(os.environ.get("RECORDS", os.devnull)).open("a", buffering=1, encoding="utf-8")


class InventoryUser(FastHttpUser):
    """A player of its own, and the services that act for it."""

    wait_time = between(0.05, 0.1)
    network_timeout = connection_timeout = 10.0
    everything: ClassVar[dict[str, Any]] = _load()
    records: ClassVar[TextIO] = _records()
    numbers: ClassVar[count[int]] = count(int(os.environ.get("WORKER", "0")), int(os.environ.get("WORKERS", "1")))

    def on_start(self) -> None:
        """Take the next player of this worker's share."""
        self.number = next(self.numbers)
        if self.number >= len(self.everything["players"]):
            raise RuntimeError(f"there is no player {self.number + 1}: the file has {len(self.everything['players'])}")
        self.player: dict[str, str] = self.everything["players"][self.number]
        self.items: list[str] = self.everything["items"]
        self.expected: dict[int, int] = {}
        self.unsure = False
        self.last_add: tuple[dict[str, Any], Lines, list[str]] | None = None

    @task
    def play(self) -> None:
        """One iteration of the mix."""
        self.read()
        self.add()
        dice = random.random()
        if dice < RESERVES:
            self.reserve_and_end()
        elif dice < RESERVES + REPEATS:
            self.repeat()
        elif dice < RESERVES + REPEATS + ASKS_TOO_MUCH:
            self.ask_too_much()
        if self.everything["admin_token"] and random.random() < ADJUSTS:
            self.adjust()

    # -- calls -----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the inventory; it must show every acknowledged write."""
        answer = self._send("read", f"{self._at('public')}/inventory", self.player["token"], None)
        if answer is None or self.unsure:
            return
        seen = {self.items.index(item["item_id"]): item["quantity"] for item in answer["items"]}
        wanted = {item: quantity for item, quantity in self.expected.items() if quantity}
        self._judge("read", "shows every acknowledged write", seen == wanted, f"{seen}, not {wanted}")

    def add(self) -> None:
        """Add up to three items."""
        lines = [(item, random.randint(1, 10)) for item in random.sample(range(len(self.items)), random.randint(1, 3))]
        body = {
            "user_id": self.player["user_id"], "section": "main", "operation_type": "system_reward",
            "operation_id": str(uuid4()), "items": self._items(lines),
        }  # fmt: skip
        answer = self._internal("add", "add-items", body, lines)
        if answer is not None:
            self._move(lines, 1)
            self.last_add = (body, lines, answer["operation_ids"])

    def repeat(self) -> None:
        """Send the last addition once more; it must be answered the same."""
        if self.last_add is not None:
            body, lines, rows = self.last_add
            answer = self._internal("repeat", "add-items", body, lines)
            if answer is not None:
                self._judge("repeat", "answers the same again", answer["operation_ids"] == rows)

    def reserve_and_end(self) -> None:
        """Reserve up to two items, then return or consume them."""
        owned = [item for item, quantity in self.expected.items() if quantity > 0][:2]
        if not owned or self.unsure:
            return
        lines = [(item, random.randint(1, min(5, self.expected[item]))) for item in owned]
        whose = {"user_id": self.player["user_id"], "operation_id": str(uuid4())}
        if self._internal("reserve", "reserve", {**whose, "items": self._items(lines)}, lines) is None:
            return
        self._move(lines, -1)
        end = random.choice(("return", "consume"))
        if self._internal(end, f"{end}-reserve", whose, lines) is not None and end == "return":
            self._move(lines, 1)

    def ask_too_much(self) -> None:
        """Reserve more than anybody has; it must be refused."""
        lines = [(random.randrange(len(self.items)), TOO_MUCH)]
        body = {"user_id": self.player["user_id"], "operation_id": str(uuid4()), "items": self._items(lines)}
        self._internal("refused", "reserve", body, lines, 400)

    def adjust(self) -> None:
        """Let an administrator add a few of an item."""
        line = (random.randrange(len(self.items)), random.randint(1, 5))
        mark = str(uuid4())
        body = {
            "user_id": self.player["user_id"], "section": "main", "reason": REASON + mark,
            "items": [{"item_id": self.items[line[0]], "quantity_change": line[1]}],
        }  # fmt: skip
        answer = self._send(
            "adjust", f"{self._at('admin')}/adjust", self.everything["admin_token"], body, mark, (line,)
        )
        if answer is not None:
            self._move((line,), 1)

    # -- how they are made -----------------------------------------------------------------------------------------

    def _at(self, listener: str) -> str:
        return str(random.choice(self.everything["instances"])[listener])

    def _items(self, lines: Lines) -> list[dict[str, Any]]:
        return [{"item_id": self.items[item], "quantity": quantity} for item, quantity in lines]

    def _move(self, lines: Lines, sign: int) -> None:
        for item, quantity in lines:
            self.expected[item] = self.expected.get(item, 0) + sign * quantity

    def _internal(
        self, call: str, path: str, body: Mapping[str, Any], lines: Lines, status: int = 200
    ) -> dict[str, Any] | None:
        url = f"{self._at('internal')}/inventory/{path}"
        token = self.everything["service_token"]
        return self._send(call, url, token, body, str(body["operation_id"]), lines, status)

    def _send(
        self, call: str, url: str, token: str, body: Any, operation: str = "-", lines: Lines = (), status: int = 200
    ) -> dict[str, Any] | None:
        started = time.perf_counter()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with self.client.request(
            "GET" if body is None else "POST", url, name=call, json=body, headers=headers, catch_response=True
        ) as answer:
            milliseconds = (time.perf_counter() - started) * 1000
            content = _json(answer.text)
            if answer.status_code == status:
                answer.success()
            else:
                answer.failure(f"answered {answer.status_code}, not {status}")
        if body is not None and (answer.status_code == 0 or answer.status_code >= 500):
            self.unsure = True
        rows = ",".join(content.get("operation_ids", ())) if answer.status_code == 200 else ""
        named = ",".join(f"{item}:{quantity}" for item, quantity in lines)
        self.records.write(
            f"call {_now()} {call} {self.number} {answer.status_code} {milliseconds:.3f} {operation} {named or '-'} "
            f"{rows or '-'}\n"
        )
        self._judge(call, f"answers {status}", answer.status_code == status, f"answered {answer.status_code}")
        return content if answer.status_code == status else None

    def _judge(self, call: str, what: str, holds: bool, instead: str = "") -> None:
        if not holds:
            self.records.write(f"failed {_now()} {call} {self.number} {what}; {instead}\n")


def _now() -> int:
    return int(time.time() * 1000)


def _json(text: str | None) -> dict[str, Any]:
    try:
        content = json.loads(text or "")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
