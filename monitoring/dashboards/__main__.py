"""``python -m monitoring.dashboards [--check]``: write the dashboards' JSON, or say which files are not up to date."""

from __future__ import annotations

import argparse
import sys

from monitoring.dashboards.render import FOLDER, rendered


def main(arguments: list[str] | None = None) -> int:
    """Render, or compare with ``--check``; return 1 when something differs."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.dashboards", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file is not up to date")
    check = parser.parse_args(arguments).check
    wanted = rendered()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    stale += [path for path in FOLDER.glob("*.json") if path not in wanted]
    if check:
        for path in stale:
            print(f"error: {path.name} is not what the code renders: run `make dashboards`", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in stale:
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    print(f"{len(wanted)} dashboards, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
