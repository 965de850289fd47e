"""A stack's clock that is put forward, and midnight that passes for all of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stack import client, clock
from stack.errors import StackError
from stack.places import Places, places
from stack.postgres import connect
from stack.state import State
from stack.trouble import Trouble


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """A home without a space in its name, which the loader of libraries would take for two."""
    folder = Path(tempfile.mkdtemp(prefix="stack-clock-", dir="/var/tmp"))
    folder.chmod(0o711)
    monkeypatch.setenv("SHARD_STACK_HOME", str(folder))
    yield places()
    shutil.rmtree(folder)


@pytest.fixture
def library(home: Places) -> Path:
    try:
        return clock.library(home)
    except StackError as error:
        pytest.skip(str(error))


def _time_of_a_process(environment: dict[str, str]) -> float:
    asked = subprocess.Popen(
        [sys.executable, "-c", "import time; print(time.time())"], env=environment, stdout=subprocess.PIPE, text=True
    )
    told, _ = asked.communicate()
    clock.forget(asked.pid)
    return float(told)


@pytest.mark.usefixtures("library")
def test_a_clock_is_put_before_the_next_midnight_and_never_back(home: Places, tmp_path: Path) -> None:
    assert clock.environment(tmp_path) == {}
    days = []
    for _ in range(2):
        midnight = clock.put_before_midnight(tmp_path, home, 60.0)
        assert clock.midnight(tmp_path) == midnight
        told = _time_of_a_process(clock.environment(tmp_path))
        # Seconds to midnight by its clock and by the machine's; a process takes a moment to start.
        assert abs((-told) % 86400 - (midnight - time.time())) < 5.0
        days.append(told)
    assert 86000 < days[1] - days[0] < 86460


def test_a_home_that_the_loader_cannot_name_is_told(where: Places) -> None:
    with pytest.raises(StackError, match="for its space or colon: set SHARD_STACK_HOME elsewhere"):
        clock.library(where)


def test_without_a_library_it_is_told_what_to_install(home: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_LIBRARY", "libnoclock.so")
    with pytest.raises(StackError, match=r"pip install -r requirements\.txt"):
        clock.library(home)


def test_a_library_for_another_machine_does_not_work(home: Places, tmp_path: Path) -> None:
    foreign = tmp_path / "libfaketime.so.1"
    foreign.write_bytes(b"\x7fELF for somebody else")
    assert not clock._works(clock._copied(foreign, home))


@pytest.mark.usefixtures("home", "library")
def test_midnight_passes_for_a_whole_stack_and_leaves_nothing_behind() -> None:
    before = {path.name for path in clock._SHARED.glob("*faketime*")}
    state = client.attach_or_start(mends=True)
    try:
        trouble = Trouble(state)
        try:
            _pass_midnight(state, trouble)
        finally:
            trouble.close()
    finally:
        client.stop(state)
    assert {path.name for path in clock._SHARED.glob("*faketime*")} <= before


def _pass_midnight(state: State, trouble: Trouble) -> None:
    assert trouble.lacks("pass midnight") is None
    trouble.get_ready("pass midnight")
    evening = _now(state)
    trouble.wait_for_the_hour("pass midnight", after=0.0)
    (happened,) = trouble.make("pass midnight")
    assert happened.ended - happened.started < 5.0
    assert (_now(state).date() - evening.date()) == timedelta(days=1)
    assert trouble.settle() < 5.0
    pids = [state.refreshed().auth.pid, state.refreshed().inventory[0].pid, trouble._extra.process.pid]
    assert all(b"FAKETIME=" in Path(f"/proc/{pid}/environ").read_bytes() for pid in pids)
    with pytest.raises(StackError, match="too slow"):
        trouble.wait_for_the_hour("pass midnight", after=0.0)
    with pytest.raises(StackError, match="only midnight can pass"):
        trouble.make("pass noon")


def _now(state: State) -> datetime:
    with connect(state.postgres.port, state.load_secrets().db_password) as session, session.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        ((now,),) = cursor.fetchall()
    assert isinstance(now, datetime)
    return now
