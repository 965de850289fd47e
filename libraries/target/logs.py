"""The lines that the target's services have logged, where they can be read."""

from __future__ import annotations

import glob
import subprocess
from collections.abc import Iterator
from pathlib import Path

from libraries.target.preparing import stack_in_use, target
from reporting.redaction import redact

_LAST_BYTES = 4_000_000
_COMMAND_SECONDS = 30
_PARTS = ("postgres", "redis", "own-redis", "supervisor")


def log_files(of_services_only: bool = False) -> list[Path]:
    """Return the log files of the target: none where it hands over none.

    The embedded stack's PostgreSQL and Redis write logs too, in a form of their own. Services that a suite has beside
    the stack are services as well.
    """
    stack = target().stack
    if stack is None:
        return [Path(found) for pattern in target().log_files for found in sorted(glob.glob(pattern))]  # noqa: PTH207
    found = sorted((Path(stack.run_dir) / "logs").glob("*.log"))
    return [one for one in found if not (of_services_only and one.name.startswith(_PARTS))]


def log_lines(having: str = "", of_services_only: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each whole line that has been logged and holds a text, with the name of its file.

    Raises AssertionError when the command that prints logs fails.
    """
    marker = having.encode()
    for name, skipped, block in _blocks(of_services_only):
        if marker not in block:
            continue
        # What is being written just now has no end yet; what we came into the middle of has no beginning.
        whole = block[: block.rfind(b"\n") + 1].decode("utf-8", "replace").splitlines()
        for text in whole[1 if skipped else 0 :]:
            if having in text:
                yield name, text


def keep_logs(folder: Path) -> None:
    """Copy the embedded stack's logs, which end with it, into a folder, without secrets. Raises OSError."""
    for path in log_files() if stack_in_use() else ():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).write_text(redact(path.read_text("utf-8", "replace")), "utf-8")


def _blocks(of_services_only: bool) -> Iterator[tuple[str, bool, bytes]]:
    for path in log_files(of_services_only):
        try:
            with path.open("rb") as file:
                skipped = max(0, file.seek(0, 2) - _LAST_BYTES)
                file.seek(skipped)
                yield path.stem, skipped > 0, file.read()
        except OSError:
            continue
    command = target().log_command
    if command:
        text = run_command("TARGET_LOG_COMMAND", command, _COMMAND_SECONDS)
        yield "the log command", len(text) > _LAST_BYTES, text[-_LAST_BYTES:]


def run_command(setting: str, command: str, seconds: float) -> bytes:
    """Run a setting's command line and return what it prints. Raises AssertionError that names the setting only."""
    try:
        done = subprocess.run(command, shell=True, capture_output=True, timeout=seconds, check=False)  # noqa: S602
    except subprocess.TimeoutExpired:
        raise AssertionError(f"the command in {setting} was not done after {seconds:.0f} s") from None
    if done.returncode:
        raise AssertionError(
            f"the command in {setting} ended with exit code {done.returncode}: run it by hand to see why"
        )
    return done.stdout
