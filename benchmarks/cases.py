"""What is measured: each case prepares its data in a world and returns what one round does.

``make bench`` and ``make bench-compare`` measure the same cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from uuid import uuid4

from benchmarks import wire
from benchmarks.world import Player, Variant, World

AT_ONCE = 8
_PLENTY = 10**9
_THOUSAND = 1000
_HISTORY_DAYS = 100
_HISTORY_VARIANTS = 20
_NEW_TOKENS = 400


@dataclass(frozen=True)
class Round:
    """One round of a case: ``before`` is not timed and returns what ``run`` is called with.

    ``calls`` says how many HTTP calls ``run`` makes, ``close`` lets go of what the case has opened.
    """

    before: Callable[[], Any]
    run: Callable[[Any], object]
    calls: int = 1
    close: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Case:
    """A named benchmark and how often it is run for a median."""

    name: str
    prepare: Callable[[World], Round]
    rounds: int = 300
    warm_up: int = 30


def _same(prepared: bytes) -> Callable[[], bytes]:
    return lambda: prepared


def _stocked(world: World, variants: list[Variant], count: int = 1) -> list[Player]:
    players = [world.player() for _ in range(count)]
    world.rows([player.user_id for player in players], len(variants), variants, _PLENTY)
    return players


def _read_of(variants: int) -> Callable[[World], Round]:
    def prepare(world: World) -> Round:
        (player,) = _stocked(world, world.variants(variants))
        return Round(_same(world.read(player)), world.inventory.exchange)

    return prepare


def _balance(world: World) -> Round:
    player = world.player()
    world.rows([player.user_id], _THOUSAND, world.variants(1))
    return Round(_same(world.read(player)), world.inventory.exchange)


def _add(world: World) -> Round:
    (player,) = _stocked(world, world.variants(1))
    line = world.variants(1)[0].line(1)
    return Round(lambda: world.add(player.user_id, [line]), world.inventory.exchange)


def _many(world: World, prepare: Callable[[], bytes]) -> Round:
    wires = [wire.Wire(world.url) for _ in range(AT_ONCE)]

    def run(prepared: list[bytes]) -> None:
        for one in wires:
            one.extra = world.inventory.extra
        wire.burst(wires, prepared)

    def close() -> None:
        for one in wires:
            one.close()

    return Round(lambda: [prepare() for _ in range(AT_ONCE)], run, AT_ONCE, close)


def _concurrent_additions(world: World) -> Round:
    player, line = world.player(), world.variants(1)[0].line(1)
    return _many(world, lambda: world.add(player.user_id, [line]))


def _reserve_by(players: int) -> Callable[[World], Round]:
    def prepare(world: World) -> Round:
        variants = world.variants(1)
        users: Iterator[Player] = cycle(_stocked_fast(world, variants, players))
        line = variants[0].line(1)
        return _many(world, lambda: world.reserve(next(users).user_id, [line]))

    return prepare


def _stocked_fast(world: World, variants: list[Variant], count: int) -> list[Player]:
    """As ``_stocked``, without tokens: signing a thousand takes a second."""
    players = [Player(str(uuid4()), "") for _ in range(count)]
    world.rows([player.user_id for player in players], len(variants), variants, _PLENTY)
    return players


def _ended(how: str) -> Callable[[World], Round]:
    def prepare(world: World) -> Round:
        variants = world.variants(1)
        users = cycle(_stocked_fast(world, variants, 100))
        line = variants[0].line(1)

        def before() -> bytes:
            player, operation = next(users), str(uuid4())
            world.inventory.exchange(world.reserve(player.user_id, [line], operation))
            return world.end(how, player.user_id, operation)

        return Round(before, world.inventory.exchange)

    return prepare


def _reserve(world: World) -> Round:
    variants = world.variants(1)
    users = cycle(_stocked_fast(world, variants, 100))
    line = variants[0].line(1)
    return Round(lambda: world.reserve(next(users).user_id, [line]), world.inventory.exchange)


def _refused_call(token: str) -> bytes:
    """A player's call that only services may make: it goes as far as the token check and no further."""
    return wire.request("POST", "/inventory/reserve", token, {})


def _known_token(world: World) -> Round:
    prepared = _refused_call(world.player().token)
    return Round(_same(prepared), lambda one: world.inventory.exchange(one, 403))


def _new_token(world: World) -> Round:
    prepared = (_refused_call(world.player().token) for _ in iter(int, 1))
    ready = [next(prepared) for _ in range(_NEW_TOKENS)]
    # Signing takes longer than the call; beyond the stock it happens between rounds.
    return Round(lambda: ready.pop() if ready else next(prepared), lambda one: world.inventory.exchange(one, 403))


def _login(world: World) -> Round:
    body = {"telegram_id": uuid4().int >> 66, "username": "benchmark"}
    return Round(_same(wire.request("POST", "/auth/login", body=body)), world.auth.exchange)


def _with_history(world: World, rows: int) -> Player:
    player = world.player()
    world.rows([player.user_id], rows, world.variants(_HISTORY_VARIANTS), days=_HISTORY_DAYS)
    return player


def _first_read(world: World) -> Round:
    player = _with_history(world, _THOUSAND)
    prepared = world.read(player)

    def before() -> bytes:
        world.forget_snapshot(player.user_id)
        return prepared

    return Round(before, world.inventory.exchange)


def _uncached_read(world: World) -> Round:
    player = _with_history(world, _THOUSAND)
    prepared = world.read(player)

    def before() -> bytes:
        world.forget_cached_day(player.user_id)
        return prepared

    return Round(before, world.inventory.exchange)


def history_of(rows: int) -> Callable[[World], Round]:
    """A read after the day's first, of a player with so many rows before today."""

    def prepare(world: World) -> Round:
        prepared = world.read(_with_history(world, rows))
        return Round(_same(prepared), world.inventory.exchange)

    return prepare


SEED = (
    Case("read 1,000 variants", _read_of(_THOUSAND), rounds=60, warm_up=10),
    Case("balance over 1,000 operations", _balance),
    Case("8 additions at once, one player", _concurrent_additions, rounds=100, warm_up=10),
)
CALLS = (
    Case("read 20 variants", _read_of(20)),
    Case("add-items", _add),
    Case("reserve", _reserve),
    Case("return-reserve", _ended("return")),
    Case("consume-reserve", _ended("consume")),
)
CONTENTION = (
    Case("8 reserves at once, one player", _reserve_by(1), rounds=100, warm_up=10),
    Case("8 reserves at once, 1,000 players", _reserve_by(_THOUSAND), rounds=100, warm_up=10),
)
TOKENS = (
    Case("token check, known token", _known_token),
    Case("token check, new token", _new_token),
    Case("login", _login, rounds=150),
)
DAYS = (
    Case("first read of the day (snapshot)", _first_read, rounds=150),
    Case("later read, day not cached", _uncached_read),
    Case("later read, day cached", history_of(_THOUSAND)),
)
ALL = (*SEED, *CALLS, *CONTENTION, *TOKENS, *DAYS)
HISTORIES = (10**3, 10**4, 10**5, 10**6)
