"""Keywords for suites that contend with one another for one player, in whatever order they are run."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from pathlib import Path

from robot.api import logger
from robot.api.deco import keyword, library

from libraries import evidence
from libraries.inventory import add_items_call
from libraries.ledger import check_laws
from libraries.meeting import Contest, Interval, folder_of_run
from libraries.pabot_run import processes_at_once
from libraries.players import Player, log_in, new_telegram_id
from libraries.preparing import target
from libraries.session import client, need
from libraries.tokens import Token
from stack.client import run_key

_MEET_SECONDS = 1.5


def _run_folder() -> Path:
    stack = target().stack
    base = Path(stack.run_dir) if stack else Path(tempfile.gettempdir()) / f"shard-legends-contests-{os.geteuid()}"
    run = run_key()
    folder = folder_of_run(base / "contests", run)
    if run.pid == os.getpid():
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@library(scope="GLOBAL")
class ContestKeywords:
    """Suites meet on one shared player and start together; whoever finishes checks laws 1 to 4.

    Right under ``robot`` (one after another), ``pabot --processes 2`` and ``pabot --processes 8``, in any order: what
    each suite asserts holds whether it met the others or not.
    """

    def __init__(self) -> None:
        self._contest: Contest | None = None
        self._contenders = 0
        self._player: Player | None = None
        self._started = 0.0

    @keyword
    def join_contest(self, name: str, *items: str, contenders: int = 2) -> Player:
        """Return the contest's shared player, once the other contenders are there too.

        The first to arrive makes the player and gives it the items. Waits at most 1.5 s for the others, and not at
        all when test processes run one at a time.
        """
        need("database")
        self._contest = Contest(_run_folder() / name)
        self._contenders = contenders
        self._player = _player_of(self._contest.shared(lambda: _new_player(items)))
        self._contest.arrive(_own_name())
        here = min(contenders, processes_at_once())
        present = self._contest.wait_for(here, _MEET_SECONDS if here > 1 else 0)
        logger.info(f"{len(present)} of {contenders} contenders are here")
        self._started = time.monotonic()
        return self._player

    @keyword
    def leave_contest(self) -> None:
        """Record when this suite was at work, and check laws 1 to 4 of the shared player.

        The last to leave logs how many of the contenders were at work at the same time.
        """
        if self._contest is None or self._player is None:
            return
        intervals = self._contest.leave(Interval(_own_name(), self._started, time.monotonic()))
        check_laws(self._player)
        if len(intervals) >= self._contenders:
            pairs = [(a, b) for n, a in enumerate(intervals) for b in intervals[n + 1 :] if overlap(a, b)]
            words = ", ".join(f"{a.name} and {b.name}" for a, b in pairs) or "none"
            logger.info(f"All {self._contenders} contenders have finished. At work at the same time: {words}")


def overlap(one: Interval, other: Interval) -> bool:
    """Say whether two contenders were at work at the same time."""
    return one.started < other.ended and other.started < one.ended


def _own_name() -> str:
    name = evidence.current.name or "contender"
    return "".join(c if c.isalnum() else "-" for c in name)[-120:]


def _new_player(items: tuple[str, ...]) -> dict[str, object]:
    player = log_in(new_telegram_id())
    evidence.current.players.remove(player)
    client().send(add_items_call(player, *items))
    return {
        "user_id": player.user_id, "telegram_id": player.telegram_id, "username": player.username,
        "token": player.token.value,
    }  # fmt: skip


def _player_of(shared: dict[str, object]) -> Player:
    return Player(
        str(shared["user_id"]), int(str(shared["telegram_id"])), str(shared["username"]), Token(str(shared["token"]))
    )
