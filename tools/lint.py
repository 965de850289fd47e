"""Runs every linter and says how many files each kind has: a linter that read nothing has found nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def files(folders: list[str], *endings: str) -> list[str]:
    """Return the files below the folders that have one of the endings."""
    found = {path for folder in folders for ending in endings for path in Path(folder).rglob(f"*{ending}")}
    return sorted(str(path) for path in found if "__pycache__" not in path.parts)


def main(arguments: list[str]) -> int:
    """Lint ``PYTHON_FOLDERS -- ROBOT_FOLDERS``; return how many linters complained."""
    if arguments.count("--") != 1:
        print("error: usage: lint.py PYTHON_FOLDER... -- ROBOT_FOLDER...", file=sys.stderr)
        return 2
    split = arguments.index("--")
    python = files(arguments[:split], ".py")
    robot = files(arguments[split + 1 :], ".robot", ".resource")
    if not python or not robot:
        print("error: found no Python or no Robot files: run this from the project's folder", file=sys.stderr)
        return 2
    checks = {
        "ruff check": ["ruff", "check", "--quiet", *python],
        "ruff format": ["ruff", "format", "--quiet", "--check", *python],
        "mypy": ["mypy", "--no-error-summary", *python],
        "robocop check": ["robocop", "check", *robot],
        "robocop format": ["robocop", "format", "--check", "--diff", *robot],
    }
    # One of them takes as long as all others.
    with ThreadPoolExecutor() as pool:
        done = dict(zip(checks, pool.map(_run, checks.values()), strict=True))
    for one in done.values():
        print(one.stdout, end="")
    failed = [name for name, one in done.items() if one.returncode]
    print(f"linted {len(python)} Python and {len(robot)} Robot files with {', '.join(checks)}")
    for name in failed:
        print(f"error: {name} complains: see above", file=sys.stderr)
    return len(failed)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
