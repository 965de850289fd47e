"""Command line: ``python -m history check FILE…``: judge the histories that runs have written.

Exit codes: 0 all are serial, 1 one is not, 2 wrong arguments or no history, 3 one could not be decided.
"""

from __future__ import annotations

import argparse
import html
import sys
import time
from collections import Counter
from pathlib import Path

from history.judge import Judgement, judge
from history.records import HistoryError, read_files
from history.search import MOST_PLACES, SECONDS, Limits


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m history", description="Does what callers saw have an order?")
    commands = parser.add_subparsers(required=True, metavar="check")
    check = commands.add_parser("check", help="judge the files of one run on one machine, together")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a history.jsonl, or a folder with some")
    check.add_argument("--hardening", action="store_true", help="judge by the rules of origin H too (4.11, 4.12)")
    check.add_argument("--seconds", type=float, default=SECONDS, help=f"time for each player ({SECONDS:g})")
    check.add_argument("--places", type=int, default=MOST_PLACES, help=f"places for each search ({MOST_PLACES})")
    check.add_argument("--picture", type=Path, metavar="HTML", help="write what has no order as pictures")
    options = parser.parse_args(arguments)
    try:
        return _check(options)
    except HistoryError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _check(options: argparse.Namespace) -> int:
    records = read_files(_files(options.files))
    started = time.monotonic()
    found = judge(records, hardening=options.hardening, limits=Limits(options.seconds, options.places))
    calls = sum(one.calls for one in found)
    if not calls:
        raise HistoryError("there is no call on a ledger in these files: nothing is proven")
    for one in found:
        if one.verdict != "serial":
            print(f"{one.verdict}: player {one.user}, {one.calls} calls: {one.sentence}")
    not_judged = sum((one.not_judged for one in found), Counter[str]())
    for what, count in not_judged.items():
        print(f"not judged: {count} x {what}")
    told = Counter(one.verdict for one in found)
    print(
        f"{calls} calls of {len(found)} players in {time.monotonic() - started:.1f} s: "
        + ", ".join(f"{count} {verdict}" for verdict, count in sorted(told.items()))
    )
    if options.picture:
        options.picture.write_text(_page(found), encoding="utf-8")
    return 1 if told["not serial"] else 3 if told["undecided"] else 0


def _files(given: list[Path]) -> list[Path]:
    found = [file for path in given for file in (sorted(path.rglob("history.jsonl")) if path.is_dir() else [path])]
    if not found:
        raise HistoryError(f"there is no history.jsonl in {', '.join(map(str, given))}")
    return found


def _page(found: list[Judgement]) -> str:
    parts = [f"<h3>{html.escape(one.sentence)}</h3>{one.picture}" for one in found if one.picture]
    return f'<!doctype html><meta charset="utf-8"><title>Histories</title>{"".join(parts) or "All are serial."}'


if __name__ == "__main__":
    sys.exit(main())
