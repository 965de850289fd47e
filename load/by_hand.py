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

from robot.api import TestSuite
from robot.api.deco import keyword, library

from load import audit, players
from load.records import read_all

_LANGUAGE = Path(__file__).with_name("many_players.resource")


@library
class ByHandKeywords:
    """What the commands do: the language of the suites makes the players, so it runs in Robot Framework."""

    @keyword
    def write_players(self, count: int, file: Path) -> None:
        """Log new players in and write the file that the tools want. Raises FileExistsError."""
        players.write_json(players.gather(count), file)
        _say(f"{file} has {count} players and their tokens: keep it to yourself, and remove it afterwards")

    @keyword
    def check_ledger(self, file: Path, *recorded: Path) -> None:
        """Compare the ledger with what the tools recorded. Raises AssertionError, ValueError."""
        records, complaints = read_all(recorded)
        if not records:
            raise ValueError("the record files hold no calls: nothing was compared")
        found = audit.ledger_violations(players.read_json(file), records)
        failures = sum(record.failed for record in records)
        _say(
            f"{len(records)} calls, {failures} failed, {len(complaints)} checks failed, {len(found)} ledger violations"
        )
        for problem in [*(f"{c.call} of player {c.player} {c.what}" for c in complaints), *found]:
            print(problem, file=sys.__stderr__)
        if found or complaints:
            raise AssertionError(f"{len(found) + len(complaints)} things are wrong: see above")


def _say(line: str) -> None:
    print(line, file=sys.__stdout__, flush=True)


def run_keyword(name: str, *arguments: object) -> str | None:
    """Run one of the keywords above; return why it failed, or None."""
    suite = TestSuite(name="By Hand")
    suite.resource.imports.resource(str(_LANGUAGE))
    suite.resource.imports.library("load.by_hand.ByHandKeywords")
    suite.tests.create(name=name).body.create_keyword(name=name, args=arguments)
    (test,) = suite.run(output=None, console="none").suite.tests
    return None if test.passed else str(test.message)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m load.by_hand", description="Load that is made elsewhere.")
    commands = parser.add_subparsers(required=True, metavar="prepare | check")
    prepare = commands.add_parser("prepare", help="log players in and write the file that the tools want")
    prepare.add_argument("--players", type=int, default=200, metavar="N", help="as many as virtual users (default 200)")
    prepare.add_argument("file", type=Path)
    prepare.set_defaults(call=lambda options: ("Write Players", options.players, options.file))
    check = commands.add_parser("check", help="compare the ledger with what was acknowledged")
    check.add_argument("file", type=Path, help="the file that `prepare` wrote")
    check.add_argument("records", type=Path, nargs="+", help="what the tools recorded")
    check.set_defaults(call=lambda options: ("Check Ledger", options.file, *options.records))
    options = parser.parse_args(arguments)
    problem = run_keyword(*options.call(options))
    if problem is not None:
        print(f"error: {problem}", file=sys.stderr)
    return 0 if problem is None else 1


if __name__ == "__main__":
    sys.exit(main())
