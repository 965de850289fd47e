"""The lines that the target's services have logged, where they can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from libraries.target.preparing import target

_LAST_BYTES = 4_000_000


def log_files(of_services_only: bool = False) -> list[Path]:
    """Return the log files of the target: none where it hands over none.

    The embedded stack's PostgreSQL and Redis write logs too, in a form of their own.
    """
    stack = target().stack
    if stack is None:
        return []
    if of_services_only:
        return [Path(part.log) for part in (*stack.inventory, stack.auth)]
    return sorted((Path(stack.run_dir) / "logs").glob("*.log"))


def log_lines(having: str = "", of_services_only: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each whole line that has been logged and holds a text, with the name of its file."""
    marker = having.encode()
    for path in log_files(of_services_only):
        try:
            with path.open("rb") as file:
                skipped = max(0, file.seek(0, 2) - _LAST_BYTES)
                file.seek(skipped)
                block = file.read()
        except OSError:
            continue
        if marker not in block:
            continue
        # What is being written just now has no end yet; what we came into the middle of has no beginning.
        whole = block[: block.rfind(b"\n") + 1].decode("utf-8", "replace").splitlines()
        for text in whole[1 if skipped else 0 :]:
            if having in text:
                yield path.stem, text
