"""Asks the package index where requirements.txt can be installed from wheels alone.

``python tools/platforms.py`` writes the table of docs/platforms.md and installs nothing. Exit code 1: a platform that
the project promises is missing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "platforms.md"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# By uv's names. glibc 2.28 is that of RHEL 8; Ubuntu 20.04 and Debian 11 have 2.31.
PROMISED = {
    "Linux x86-64, glibc ≥ 2.28": "x86_64-manylinux_2_28",
    "Linux ARM64, glibc ≥ 2.28": "aarch64-manylinux_2_28",
    "macOS ARM64": "aarch64-apple-darwin",
    "macOS x86-64": "x86_64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}
ALSO = {
    "Windows ARM64": "aarch64-pc-windows-msvc",
    "Linux x86-64, musl (Alpine)": "x86_64-unknown-linux-musl",
}
_BEGIN, _END = "<!-- table -->\n", "<!-- end of table -->\n"


def asked(platform: str, python: str) -> str | None:
    """Return why the lock cannot be installed there, or None when it can."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "uv", "pip", "install", "--dry-run", "--only-binary", ":all:", "--no-python-downloads", "--target", folder,
            "--python-platform", platform, "--python-version", python, "--no-deps",
            "-r", str(ROOT / "requirements.txt"),
        ]  # fmt: skip
        done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    told = [line.strip() for line in done.stderr.splitlines() if "Because" in line or "error" in line.lower()]
    return " ".join(told[-1:]) or f"uv ended with exit code {done.returncode}"


def table(found: dict[tuple[str, str], str | None]) -> str:
    """Return what was found as a table in Markdown."""
    lines = [f"| | {' | '.join(PYTHONS)} |", f"|---|{'---|' * len(PYTHONS)}"]
    for name in (*PROMISED, *ALSO):
        cells = ("no" if found[name, one] else "yes" for one in PYTHONS)
        lines += [f"| {name} | {' | '.join(cells)} |"]
    return "\n".join([f"Asked on {datetime.now(UTC):%Y-%m-%d}:", "", *lines, ""])


def main() -> int:
    """Ask, print what is missing, write the table."""
    platforms = PROMISED | ALSO
    pairs = list(product(platforms, PYTHONS))
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda pair: asked(platforms[pair[0]], pair[1]), pairs)
        found = dict(zip(pairs, answers, strict=True))
    for (name, python), problem in found.items():
        if problem:
            print(f"{name}, Python {python}: {problem}")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{_BEGIN}{table(found)}{_END}{after}", encoding="utf-8")
    missing = [pair for pair, problem in found.items() if problem and pair[0] in PROMISED]
    print(f"{len(pairs)} asked, {len(missing)} of those promised are missing; written to {PAGE.relative_to(ROOT)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
