"""Stacks of these tests run stub services and live in a home of their own, away from real stacks."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from stack.places import Places, places  # noqa: E402


@pytest.fixture(scope="session")
def stack_home() -> Iterator[Path]:
    """A home that the PostgreSQL user can enter; it must be empty of stacks at the end."""
    home = Path(tempfile.mkdtemp(prefix="stack home ", dir="/var/tmp"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home)


@pytest.fixture(autouse=True)
def surroundings(stack_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of each test and of the processes it starts."""
    monkeypatch.setenv("SHARD_STACK_HOME", str(stack_home))
    monkeypatch.setenv("SHARD_SERVICE_MODULE_PREFIX", "stub_services")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(ROOT)]))
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.delenv("SHARD_STACK_STATE", raising=False)


@pytest.fixture
def where() -> Places:
    return places()
