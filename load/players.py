"""Prepares the players of a load run and hands them, with the tokens, to the tools by a file that only we can read."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.libraries.BuiltIn import BuiltIn

from history.laws import Variant
from libraries.ledger.catalogue import Item, catalogue
from libraries.target.preparing import need, target
from libraries.target.settings import Instance, lacks
from libraries.tokens.token import Player, Token

# As many kinds of items as the benchmark of a read has variants.
_ITEMS = 20
_STOCK = 1000


@dataclass(frozen=True)
class Cast:
    """Who takes part in a load run, and with which items. Numbers in records are positions in these lists."""

    players: tuple[Player, ...]
    items: tuple[Item, ...]
    service: Token | None
    admin: Token | None
    instances: tuple[Instance, ...]

    @property
    def variants(self) -> list[Variant]:
        """The items as the ledger's checks name them."""
        return [Variant(item.item_class, item.item_type) for item in self.items]


def gather(count: int) -> Cast:
    """Log new players in, and get tokens of a service and of an administrator (None where there can be none).

    Skips the test when the target has no internal calls or no login.
    """
    need("internal calls", "auth service")
    found = target()
    run = BuiltIn().run_keyword
    with quiet():
        players = tuple(run("Create Players", count))
        has_admin = lacks(found, "administrators") is None and lacks(found, "admin calls") is None
        admin = run("Create Administrator").token if has_admin else None
        service = run("Get A Service Token")
    return Cast(players, tuple(catalogue().items[:_ITEMS]), service, admin, found.instances)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what is inside out of the log, but for warnings."""
    before = BuiltIn().set_log_level("WARN")
    try:
        yield
    finally:
        BuiltIn().set_log_level(before)


@contextlib.contextmanager
def private_folder(parent: Path | None = None) -> Iterator[Path]:
    """A folder outside the results that only this user can enter, removed afterwards.

    With a stack's own folder as ``parent`` it goes away with the stack even if we are killed.
    """
    folder = Path(tempfile.mkdtemp(prefix="shard-load-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _private_file(path: Path, text: str) -> Path:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _value(token: Token | None) -> str:
    return "" if token is None else token.value


def write_json(cast: Cast, path: Path) -> Path:
    """Write what the tools need to a new file of mode 0600; return it. Raises FileExistsError."""
    content: dict[str, Any] = {
        "instances": [{"public": i.public, "internal": i.internal, "admin": i.admin} for i in cast.instances],
        "items": [item.item_id for item in cast.items],
        "service_token": _value(cast.service),
        "admin_token": _value(cast.admin),
        "players": [
            {"user_id": player.user_id, "telegram_id": player.telegram_id, "token": player.token.value}
            for player in cast.players
        ],
    }
    return _private_file(path, json.dumps(content))


def read_json(path: Path) -> Cast:
    """Return the cast that a file describes. Raises ValueError naming the file when it is not one of ours."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        known = {item.item_id: item for item in catalogue().items}
        return Cast(
            tuple(Player(one["user_id"], one["telegram_id"], Token(one["token"])) for one in content["players"]),
            tuple(known[item_id] for item_id in content["items"]),
            Token(content["service_token"]) if content["service_token"] else None,
            Token(content["admin_token"]) if content["admin_token"] else None,
            target().instances,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no file with players for this target: {error!r}") from None


def stock(cast: Cast, kinds: int) -> None:
    """Give every player plenty of the first kinds of items."""
    words = [f"{_STOCK} {item.item_class}/{item.item_type}" for item in cast.items[:kinds]]
    with quiet():
        BuiltIn().run_keyword("Give Each", list(cast.players), *words)
