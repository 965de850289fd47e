"""For load that is made elsewhere, for instance by Locust on several machines (docs/load.md).

    python -m load.by_hand prepare --players 1000 players.json
    python -m load.by_hand check players.json worker-1.records worker-2.records

The target comes from TARGET_... settings in the environment, and is the embedded stack without any. Exit codes: 0 done,
and the ledger is right; 1 it is not, or something failed (one line on stderr says what).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from robot.api import FatalError, SkipExecution

from load import audit, players
from load.records import read_all


def _prepare(options: argparse.Namespace) -> int:
    cast = players.gather(options.players)
    players.write_json(cast, options.file)
    print(
        f"{options.file} has {options.players} players and their tokens: keep it to yourself, and remove it afterwards"
    )
    return 0


def _check(options: argparse.Namespace) -> int:
    records, complaints = read_all(options.records)
    if not records:
        raise ValueError("the record files hold no calls: nothing was compared")
    found = audit.ledger_violations(players.read_json(options.file), records)
    failures = sum(record.failed for record in records)
    print(
        f"{len(records)} calls, {failures} failed, {len(complaints)} checks failed, {len(found)} ledger violations",
        flush=True,
    )
    for problem in [*(f"{c.call} of player {c.player} {c.what}" for c in complaints), *found]:
        print(problem, file=sys.stderr)
    return 1 if found or complaints else 0


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m load.by_hand", description="Load that is made elsewhere.")
    commands = parser.add_subparsers(required=True, metavar="prepare | check")
    prepare = commands.add_parser("prepare", help="log players in and write the file that the tools want")
    prepare.add_argument("--players", type=int, default=200, metavar="N", help="as many as virtual users (default 200)")
    prepare.add_argument("file", type=Path)
    prepare.set_defaults(run=_prepare)
    check = commands.add_parser("check", help="compare the ledger with what was acknowledged")
    check.add_argument("file", type=Path, help="the file that `prepare` wrote")
    check.add_argument("records", type=Path, nargs="+", help="what the tools recorded")
    check.set_defaults(run=_check)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (FatalError, SkipExecution, AssertionError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
