"""The tools as processes: what is missing is said in one line, and nothing is left running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from load import artillery, k6
from load.audit import Logs
from load.memory import Sampler
from load.players import private_folder
from stack.processes import start_time

_CHILDREN = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def _child_of(log: Path) -> int:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if log.exists() and log.read_text().strip():
            return int(log.read_text().split()[0])
        time.sleep(0.02)
    raise AssertionError("the child did not start")


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while start_time(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    return start_time(pid) is None


def test_a_tool_and_its_children_end_when_we_are_interrupted(tmp_path: Path) -> None:
    log = tmp_path / "log"
    started: list[int] = []

    def interrupted() -> None:
        with k6.running([sys.executable, "-c", _CHILDREN], os.environ, log) as process:
            started.extend((process.pid, _child_of(log)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(started) == 2
    assert all(_gone(pid) for pid in started)


def test_a_tool_ends_when_we_are_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import os, sys, time; from pathlib import Path; from load import k6\n"
        f"with k6.running([sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)'], "
        f"os.environ, Path({str(log)!r})): time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    tool = _child_of(log)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert _gone(tool)


def test_a_missing_tool_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert artillery.main() == 1
    assert capsys.readouterr().err == (
        "error: artillery is not installed: npm install --global --ignore-scripts artillery@2.0.21 "
        "(Node 20; 590 MB), then run this again\n"
    )


def test_tools_do_not_see_proxies_or_settings_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://elsewhere")
    monkeypatch.setenv("K6_OUT", "cloud")
    environment = k6.bare_environment(PROFILE="smoke")
    assert not {"HTTP_PROXY", "K6_OUT"} & set(environment)
    assert environment["PROFILE"] == "smoke"


def test_the_folder_for_tokens_is_private_and_goes_away() -> None:
    with private_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_memory_is_sampled_until_the_process_ends() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with Sampler({"it": process.pid}, 0.02) as sampler:
        deadline = time.monotonic() + 10
        while len(sampler.memory.readings["it"]) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.wait()
        while not sampler.memory.gone and time.monotonic() < deadline:
            time.sleep(0.01)
    assert sampler.memory.gone == ["it"]
    assert all(reading.resident > 0 for reading in sampler.memory.readings["it"])


class _Info:
    def __init__(self, name: str, log: Path) -> None:
        self.name, self.log = name, str(log)


class _Stack:
    def __init__(self, log: Path) -> None:
        self.inventory, self.auth = [_Info("inventory-1", log)], _Info("auth", log)


def test_errors_in_logs_count_from_now_on(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    log.write_text('{"level": "error", "message": "before"}\n')
    logs = Logs(_Stack(log))
    with log.open("a") as file:
        file.write('{"level": "info", "status": 200}\n{"level": "info", "status": 503}\n{"level": "error"}\n')
        file.write("Traceback (most recent call last):\n")
    assert [len(lines) for lines in logs.errors().values()] == [3, 3]
    assert not Logs(None).readable
