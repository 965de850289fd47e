"""Keeps a process from outliving the stack: ``python -m deploy.local_guard PID:START LOG PID_FILE COMMAND...``.

The guard ends with its command; it ends the command when the process of the lifeline ends, or when it is told to end.
PID_FILE (``-`` for none) gets the id of the command's process.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

from stack.places import REPO_ROOT
from stack.processes import open_pidfd, spawn
from stack.state import ProcessKey

_GRACE_SECONDS = 15.0


def guard(lifeline: ProcessKey, log: Path, pid_file: str, command: list[str]) -> int:
    """Run the command; returns its exit code, or 1 when the lifeline has ended already."""
    wake_read, wake_write = os.pipe()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: os.write(wake_write, b"x"))
    alive = open_pidfd(lifeline)
    if alive is None:
        return 1
    child = spawn(command, env=os.environ, cwd=REPO_ROOT, log=log)
    if pid_file != "-":
        Path(pid_file).write_text(str(child.pid), "utf-8")
    select.select([alive, os.pidfd_open(child.pid), wake_read], [], [])
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


if __name__ == "__main__":
    pid, start = (int(word) for word in sys.argv[1].split(":"))
    sys.exit(guard(ProcessKey(pid, start), Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))
