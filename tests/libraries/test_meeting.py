"""The meeting place, with real processes."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

from libraries.contests import overlap
from libraries.meeting import Contest, Interval, folder_of_run
from stack.processes import key_of
from stack.state import ProcessKey

_context = multiprocessing.get_context("fork")


def contend(folder: Path, name: str, results: Any) -> None:
    contest = Contest(folder)
    made = contest.shared(lambda: {"maker": name})
    contest.arrive(name)
    here = contest.wait_for(4, 10)
    started = time.monotonic()
    time.sleep(0.05)
    results.put((made["maker"], len(here), len(contest.leave(Interval(name, started, time.monotonic())))))


def test_four_processes_share_one_thing_and_start_together(tmp_path: Path) -> None:
    results = _context.Queue()
    processes = [_context.Process(target=contend, args=(tmp_path / "c", f"p{n}", results)) for n in range(4)]
    for process in processes:
        process.start()
    found = [results.get(timeout=20) for _ in processes]
    for process in processes:
        process.join()
    assert len({maker for maker, _, _ in found}) == 1
    assert sorted(left for _, _, left in found) == [1, 2, 3, 4]
    intervals = Contest(tmp_path / "c").leave(Interval("late", time.monotonic(), time.monotonic()))
    assert len([i for i in intervals if i.name != "late"]) == 4
    assert overlap(intervals[1], intervals[2])
    assert not overlap(intervals[0], intervals[1]) or intervals[0].name != "late"


def test_nobody_waits_for_one_who_died_or_left(tmp_path: Path) -> None:
    def die(folder: Path) -> None:
        Contest(folder).arrive("dead")
        os._exit(1)

    process = _context.Process(target=die, args=(tmp_path,))
    process.start()
    process.join()
    contest = Contest(tmp_path)
    contest.arrive("alive")
    started = time.monotonic()
    assert contest.wait_for(2, 5) == ["alive"]
    assert time.monotonic() - started < 1
    contest.leave(Interval("alive", 0, 1))
    assert contest.present() == []


def test_one_who_holds_the_lock_and_dies_blocks_nobody(tmp_path: Path) -> None:
    def die_inside(folder: Path) -> None:
        Contest(folder).shared(lambda: os._exit(1))

    process = _context.Process(target=die_inside, args=(tmp_path,))
    process.start()
    process.join()
    assert Contest(tmp_path).shared(lambda: {"maker": "second"}) == {"maker": "second"}


def test_waiting_ends(tmp_path: Path) -> None:
    contest = Contest(tmp_path)
    contest.arrive("alone")
    assert contest.wait_for(2, 0.05) == ["alone"]


def test_files_are_for_this_user_alone(tmp_path: Path) -> None:
    contest = Contest(tmp_path / "c")
    contest.shared(lambda: {"token": "t"})
    assert (tmp_path / "c").stat().st_mode & 0o77 == 0
    assert (tmp_path / "c" / "shared.json").stat().st_mode & 0o77 == 0


def test_folders_of_ended_runs_are_removed(tmp_path: Path) -> None:
    ended = folder_of_run(tmp_path / "base", ProcessKey(999_999_999, 1))
    mine = folder_of_run(tmp_path / "base", key_of(os.getpid()))
    assert not ended.exists()
    assert mine.is_dir()
