"""Removes what runs and checks have written: ``python tools/clean.py [RESULTS_FOLDER]``.

The folder must lie in this checkout and hold nothing that git keeps; it is emptied but for hidden files.
Exit code 2, with one line and nothing removed, when it does not. Runs on any Python, without packages.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".robocop_cache", ".coverage", ".coverage.*", "pabot_results",
           ".pabotsuitenames", "pabot_manager.log", "output.xml", "log.html", "report.html",
           "service-logs")  # fmt: skip


def problem(root: Path, folder: str) -> str | None:
    """Say why the results folder must not be emptied, or None."""
    if not folder.strip():
        return "the folder of results is empty text: name it, or leave it out"
    results = (root / folder).resolve()
    if root not in results.parents:
        return f"{folder} is not inside this checkout: remove it by hand"
    if results == root / ".git" or root / ".git" in results.parents:
        return f"{folder} is git's own"
    command = ["git", "ls-files", "--", f":(literal){results.relative_to(root)}"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        listed = None
    if listed is None or listed.returncode:
        # No checkout of git: then only the folder that is known to hold results.
        return None if results == root / "results" else f"git cannot tell what in {folder} is kept: remove it by hand"
    kept = [name for name in listed.stdout.splitlines() if Path(name).name != ".gitkeep"]
    return f"{folder} holds {kept[0]}, which git keeps: it is no folder of results" if kept else None


def clean(root: Path, folder: str) -> None:
    """Empty the results folder and remove what else was written below ``root``."""
    found = [path for path in (root / folder).glob("*") if not path.name.startswith(".")]
    for path in [*found, *(path for pattern in WRITTEN for path in root.glob(pattern))]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Check the folder, then clean; return the exit code."""
    folder = arguments[0] if arguments else "results"
    why_not = problem(root, folder)
    if why_not:
        print(f"error: {why_not}", file=sys.stderr)
        return 2
    clean(root, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
