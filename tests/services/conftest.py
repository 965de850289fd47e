"""One private stack for the whole session; it is started when the first test needs it."""

import os
from collections.abc import Iterator

import pytest

from stack import client
from stack.places import places
from stack.processes import key_of
from stack.state import Spec
from tests.services.world import Person, World, own_name

JWKS_MIN_REFRESH_SECONDS = 1.5


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    # Not `attach_or_start`: it would use a stack that the developer has started by hand.
    owner = key_of(os.getpid())
    env = {"JWKS_MIN_REFRESH_SECONDS": str(JWKS_MIN_REFRESH_SECONDS)}
    state = client.start_or_join(places(), Spec(own_name(), owner, owner, env=env))
    try:
        found = World(state)
        yield found
        found.close()
    finally:
        client.stop(state)


@pytest.fixture
def player(world: World) -> Person:
    return world.person()


@pytest.fixture(scope="session")
def admin(world: World) -> Person:
    return world.admin()


@pytest.fixture(scope="session")
def stone(world: World) -> str:
    return world.item("stone")


@pytest.fixture(scope="session")
def wood(world: World) -> str:
    return world.item("wood")
