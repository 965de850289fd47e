"""``python -m faults.mutants``: change the services in every small way and demand that the suites go red.

Exit codes: 0 enough was noticed, 1 too little was or it cannot be said (one line on stderr says which), 2 wrong
arguments.
"""

import argparse
import fnmatch
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import get_args

from faults.mutants import report
from faults.mutants.campaign import Report, Result, everything, run, sample
from faults.mutants.collect import changes_since, is_real
from faults.mutants.history import History
from faults.mutants.judged import Judgement, judgement_of, judgements, rule_of, rules
from faults.mutants.mutant import Mutant, MutantError
from stack.state import Shape

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """Do what the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    # As by Ctrl-C, so that nothing is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _list(options) if options.list else _ask(options)
    except MutantError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing was left running", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m faults.mutants", description="Small faults that nobody chose.")
    parser.add_argument("--sample", type=_positive, metavar="N", help="ask about so many only, drawn at random")
    parser.add_argument("--seed", type=int, help="draw the same sample again")
    parser.add_argument("--since", metavar="REVISION", help="only what was changed since a revision")
    parser.add_argument("--language", choices=tuple(report.LANGUAGES), help="only SQL or only Python")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="only keys or names like this")
    parser.add_argument(
        "--workers", type=_positive, default=max(2, os.cpu_count() or 2), metavar="N", help="stacks at once"
    )
    parser.add_argument(
        "--shape", choices=get_args(Shape), default="single", help="of the stacks (contract, section 1)"
    )
    parser.add_argument("--minutes", type=float, metavar="N", help="stop after so many and tell what is known")
    parser.add_argument(
        "--at-least", type=float, default=95.0, metavar="PERCENT", help="the score to demand (default 95)"
    )
    parser.add_argument("--results", type=Path, default=ROOT / "results", metavar="FOLDER", help="where to write")
    parser.add_argument("--equivalent", action="store_true", help="ask about those that are listed as equivalent")
    parser.add_argument("--list", action="store_true", help="name the mutants and ask nobody")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def _chosen(options: argparse.Namespace) -> list[Mutant]:
    found = everything(python=options.language != "sql", sql=options.language != "python")
    if options.since:
        changes = changes_since(options.since)
        found = [mutant for mutant in found if changes.touch(mutant)]
    if options.only:
        found = [
            one for one in found if any(fnmatch.fnmatchcase(one.key, p) or _like(one.name, p) for p in options.only)
        ]
    return found


def _like(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name, f"*{pattern.replace('[', '[[]')}*")


def _list(options: argparse.Namespace) -> int:
    listed = judgements()
    found = [mutant for mutant in _chosen(options) if is_real(mutant)]
    for mutant in found:
        entry = judgement_of(mutant, listed)
        print(f"{mutant.key} {'equivalent ' if entry else ''}{mutant.name}")
    print(f"{len(found)} mutants", file=sys.stderr)
    return 0


def _ask(options: argparse.Namespace) -> int:
    started = time.monotonic()
    listed, known_rules = judgements(), rules()
    chosen = _chosen(options)
    if not (options.since or options.only or options.language):
        _demand_that_all_are_used(listed, chosen)
    judged = [(mutant, entry) for mutant in chosen if (entry := judgement_of(mutant, listed))]
    if options.equivalent:
        open_ones = [mutant for mutant, _ in judged]
    else:
        keys = {mutant.key for mutant, _ in judged}
        open_ones = [mutant for mutant in chosen if mutant.key not in keys]
    seed = None
    if options.sample:
        seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
        print(f"a sample of {options.sample} of {len(open_ones)} mutants, seed {seed}", flush=True)
        asked = sample(open_ones, options.sample, seed)
    else:
        asked = [mutant for mutant in open_ones if is_real(mutant)]
    if options.minutes:
        # What is left out when the time is over must not be always the same.
        random.Random(seed).shuffle(asked)
    if not asked:
        print("nothing to ask about: no mutant is in what was chosen")
        return 0
    history = History(options.results / "mutants-history.json")
    results = run(asked, min(options.workers, len(asked)), history, options.minutes, _tell(len(asked)),
                  options.shape)  # fmt: skip
    history.save()
    outcome = report.Outcome(
        results, judged, Counter(mutant.language for mutant in chosen),
        {mutant.key: rule_of(mutant, known_rules) for mutant in chosen}, time.monotonic() - started, seed,
        options.since,
    )  # fmt: skip
    report.write(outcome, options.results)
    print(f"\n{report.console(outcome)}\n\nThe page: {options.results / 'mutants.md'}")
    return _verdict(outcome, options)


def _demand_that_all_are_used(listed: list[Judgement], chosen: list[Mutant]) -> None:
    for entry in listed:
        if not any(entry.fits(mutant) for mutant in chosen):
            raise MutantError(f"equivalent.toml: no mutant is like {entry.patterns} any more: remove the entry")


def _tell(total: int) -> Report:
    started = time.monotonic()

    def tell(result: Result, number: int) -> None:
        minutes = (time.monotonic() - started) / 60
        by = f"by {result.test}" if result.test else result.message[:100]
        name = f"{result.mutant.key} {result.mutant.name[:150]}"
        print(f"{number:5}/{total} {minutes:5.1f} min {result.status:9} {name}   {by}", flush=True)

    return tell


def _verdict(outcome: report.Outcome, options: argparse.Namespace) -> int:
    if options.equivalent:
        wrong = [one for one in outcome.counted() if one.status != "survived"]
        for one in wrong:
            print(f"error: listed as equivalent, but noticed by {one.test}: {one.mutant.name}", file=sys.stderr)
        return 1 if wrong else 0
    scores = outcome.by(lambda one: one.mutant.language).items()
    low = {name: score for name, score in scores if 100 * score.share < options.at_least}
    for name, score in low.items():
        wanted = f"{options.at_least:g} % are asked for"
        print(f"error: {report.LANGUAGES[name]}: {100 * score.share:.1f} % noticed, {wanted}", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
