"""A killed pabot takes everything along that it has started, whenever it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from stack.processes import command_line, is_pabot, wait_until
from tests.libraries.conftest import ROOT

SUITES = ("suites/auth/login.robot", "suites/operations/services_of_their_own.robot", "suites/admin/adjustments.robot")


def processes_with(marker: str) -> list[list[str]]:
    """Command lines of processes that have a text in their environment, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            words = command_line(int(entry.name))
            if marker.encode() in environment and any(words):
                found.append(words)
    return found


def runs(words: list[str], program: str) -> bool:
    return any(Path(word).name == program for word in words[:2])


@pytest.mark.parametrize("stage", ["robots start", "services are up"])
def test_killed_pabot_leaves_nothing_behind(tmp_path: Path, stage: str) -> None:
    home = tmp_path / "home"
    marker = f"SHARD_STACK_HOME={home}"
    tools = Path(sys.executable).parent
    env = {k: v for k, v in os.environ.items() if not k.startswith("TARGET_") and k != "SHARD_STACK_STATE"}
    env |= {"SHARD_STACK_HOME": str(home), "PATH": f"{tools}:{env['PATH']}"}
    for folder in (tmp_path, *tmp_path.parents[: tmp_path.parents.index(Path(tempfile.gettempdir()))]):
        # PostgreSQL runs as another user under root.
        folder.chmod(0o711)
    command = [str(tools / "pabot"), "--processes", "3", "--outputdir", str(tmp_path / "out"), *SUITES]

    def is_far_enough() -> bool:
        words = processes_with(marker)
        wanted = "robot" if stage == "robots start" else "services.inventory"
        return any(runs(one, wanted) or wanted in one for one in words)

    with (tmp_path / "console").open("wb") as console:
        pabot = subprocess.Popen(command, cwd=ROOT, env=env, stdout=console, stderr=console)
        try:
            assert wait_until(is_far_enough, 60), (tmp_path / "console").read_text()
        finally:
            pabot.send_signal(signal.SIGKILL)
            pabot.wait()
    wait_until(lambda: not processes_with(marker), 20)
    assert processes_with(marker) == []


def test_pabot_is_told_from_what_only_has_its_name() -> None:
    assert is_pabot(["/usr/bin/python3", "/venv/bin/pabot", "suites"])
    assert not is_pabot(["/usr/bin/python3", "-m", "pabot.pabotlib", "127.0.0.1", "8270"])
