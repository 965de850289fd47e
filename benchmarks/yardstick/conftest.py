"""One game for all tests; after each test the laws are checked for its players."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from benchmarks.yardstick.game import Game, Player


@pytest.fixture(scope="session")
def game() -> Iterator[Game]:
    made = Game()
    yield made
    made.close()


@pytest.fixture
def new_player(game: Game) -> Iterator[Callable[[], Player]]:
    players: list[Player] = []

    def make() -> Player:
        players.append(game.log_in())
        return players[-1]

    yield make
    for player in players:
        game.check_laws(player)


@pytest.fixture
def player(new_player: Callable[[], Player]) -> Player:
    return new_player()


@pytest.fixture(scope="module")
def admin(game: Game) -> Player:
    return game.administrator()
