"""Looks a target over before the first run: ``python -m libraries.target check variables/FILE.py``.

Says what was found, which tests will be skipped and why, and every mistake in the file, each in one line. Exit code 0
when the suites can run, 1 when there are mistakes, 2 for wrong arguments.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import runpy
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from time import monotonic
from typing import Any

from robot.api import SkipExecution
from robot.run import run as run_robot

from libraries.ledger import database, rows
from libraries.ledger.catalogue import catalogue
from libraries.target import preparing
from libraries.target.logs import log_lines
from libraries.target.settings import Target, TargetError, parse_target
from tools.check.skips import skipped

_SECONDS = 3.0
_NOBODY = "00000000-0000-0000-0000-000000000000"
_WIDTH = 118
# What a check is about: the settings to look at when it fails.
_SETTINGS = {
    "Login": "TARGET_LOGIN, TARGET_TELEGRAM_BOT_TOKEN, TARGET_LOGIN_LIMIT",
    "Players' Calls": "TARGET_PUBLIC_URLS",
    "Services' Calls": "TARGET_INTERNAL_URLS, TARGET_INTERNAL_AUTH, TARGET_SERVICE_NAME, _SECRET or _TOKEN",
    "Administrators' Calls": "TARGET_ADMIN_URLS, TARGET_ADMIN_AUTH, TARGET_ADMIN_TOKEN",
    "Published Key": "TARGET_AUTH_URL",
    "Health": "TARGET_HEALTH_URLS",
    "Metrics": "TARGET_METRICS_URLS, TARGET_METRIC_PREFIX",
}
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w.-]+")
Found = list[tuple[str, str]]


def main(arguments: list[str] | None = None) -> int:
    """Look over the target of a variable file and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m libraries.target")
    parser.add_argument("command", choices=["check"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--exclude", choices=["hardening"], help="count the tests of promises only")
    options = parser.parse_args(arguments)
    try:
        values = _read(options.file)
    except TargetError as error:
        return _tell([], [str(error)])
    if values.get("TARGET_STACK") == "embedded":
        print("The embedded stack describes itself: there is nothing to check.")
        return 0
    target, mistakes = _parsed(values)
    if target is None:
        return _tell([], mistakes)
    found, more = _look(target)
    code = _tell([("target", f"{target.name}, shape {target.shape}"), *found], [*mistakes, *more], target.secrets())
    count, reasons = skipped(target, options.exclude != "hardening")
    _tell_skips(count, reasons)
    return code


def _read(path: Path) -> dict[str, object]:
    try:
        told = runpy.run_path(str(path))
    except Exception as error:  # noqa: BLE001  it is somebody's Python
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        raise TargetError(f"{path} cannot be read{where}: {type(error).__name__}: {error}".splitlines()[0]) from None
    values = {name: value for name, value in told.items() if name.startswith("TARGET_")}
    return values | {name: value for name, value in os.environ.items() if name.startswith("TARGET_")}


def _parsed(values: dict[str, object]) -> tuple[Target | None, list[str]]:
    """Return the target without its bad settings, None when too little is left, and what was bad."""
    mistakes: list[str] = []
    while True:
        try:
            return parse_target(values), mistakes
        except TargetError as error:
            new = [str(one) for one in error.args if one not in mistakes]
            bad = {name for line in new for name in re.findall(r"TARGET_\w+", line)[:1] if name in values}
            mistakes += new
            if not bad:
                return None, mistakes
            values = {name: value for name, value in values.items() if name not in bad}


def _look(target: Target) -> tuple[Found, list[str]]:
    found, mistakes, silent = _addresses(target)
    preparing._found = target
    told = _asked_by_keywords(silent)
    user = told.get("Login", ("", ""))[1].rpartition(" ")[2]
    for name, (status, message) in told.items():
        # What only a login can tell is not known without one.
        if status == "FAIL" and "${PLAYER}" not in message:
            mistakes.append(f"{_SETTINGS[name]}: {message.partition(': {')[0]}")
        elif status == "PASS":
            found.append((name.lower(), message.partition(":")[0]))
    checks: dict[str, Callable[[], str]] = {
        "database": lambda: _database(user), "redis": _redis, "catalogue": _catalogue, "logs": _logs,
    }  # fmt: skip
    for name, check in checks.items():
        try:
            found.append((name, check()))
        except SkipExecution as error:
            found.append((name, f"none: {error}"))
        except AssertionError as error:
            mistakes.append(str(error))
    return found, list(dict.fromkeys(mistakes))


def _addresses(target: Target) -> tuple[Found, list[str], set[str]]:
    """Ask every address; also return what does not answer, by its place in the settings."""

    def asked(one: tuple[str, str, str]) -> str | None:
        part, _, url = one
        deadline = monotonic() + max(_SECONDS, target.timeout_seconds)
        return preparing._ask(url, deadline, target.ca_file, well=part == "health")

    wanted = [
        (part, f"TARGET_{part.upper()}_URLS", getattr(instance, part))
        for instance in target.instances
        for part in ("public", "internal", "admin", "health", "metrics")
    ]
    wanted += [("auth", "TARGET_AUTH_URL", target.auth_url)]
    if target.auth_internal_url != target.auth_url:
        wanted += [("auth internal", "TARGET_AUTH_INTERNAL_URL", target.auth_internal_url)]
    wanted = [one for one in wanted if one[2]]
    with ThreadPoolExecutor(8) as pool:
        problems = list(pool.map(asked, wanted))
    found = [(part, f"{url} answers") for (part, _, url), bad in zip(wanted, problems, strict=True) if not bad]
    silent = {part for (part, _, _), bad in zip(wanted, problems, strict=True) if bad}
    lines = [f"{name}: {url}: {bad}" for (_, name, url), bad in zip(wanted, problems, strict=True) if bad]
    return found, lines, silent


class Collector:
    """Robot listener: what came out of each test."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self.told: dict[str, tuple[str, str]] = {}

    def end_test(self, _data: Any, result: Any) -> None:
        """Keep the status and the first line of the message."""
        self.told[result.name] = (result.status, (result.message.splitlines() or [""])[0])


def _asked_by_keywords(silent: set[str]) -> dict[str, tuple[str, str]]:
    collector = Collector()
    with _quiet():
        run_robot(
            str(Path(__file__).with_name("target.robot")), listener=collector, exclude=sorted(silent),
            output=None, log=None, report=None, console="none", runemptysuite=True,
        )  # fmt: skip
    return collector.told


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libraries say to the console of a run from the screen."""
    before = sys.__stdout__, sys.__stderr__
    sys.__stdout__ = sys.__stderr__ = io.StringIO()  # type: ignore[misc,assignment]
    try:
        yield
    finally:
        sys.__stdout__, sys.__stderr__ = before  # type: ignore[misc]


def _database(user: str) -> str:
    rows.read_ledger(_NOBODY)
    if "-" in user and not database.rows("SELECT 1 FROM auth.users WHERE id = %s::uuid", user):
        raise AssertionError("TARGET_DATABASE_HOST, _NAME: the user who was just logged in is not in this database")
    return "its tables are there" + (", the new user is in them" if "-" in user else "")


def _redis() -> str:
    found = preparing.target()
    if found.redis_host is None:
        raise SkipExecution("set TARGET_REDIS_HOST")
    rows.drop_cached(_NOBODY)
    return f"{found.redis_host}:{found.redis_port} answers"


def _catalogue() -> str:
    known = catalogue()
    kinds = Counter(item.item_class for item in known.items)
    if not kinds:
        raise AssertionError("TARGET_CATALOGUE_FILE, TARGET_CATALOGUE_URL or the database: the catalogue has no items")
    codes = Counter(name for name, _ in known.codes)
    more = f"; {codes['quality_level']} quality levels, {codes['collection']} collections"
    return f"{len(known.items)} items: {', '.join(f'{count} {name}' for name, count in sorted(kinds.items()))}{more}"


def _logs() -> str:
    preparing.need("logs")
    names = {name for name, _ in log_lines(of_services_only=True)}
    if not names:
        raise AssertionError("TARGET_LOG_FILES, TARGET_LOG_COMMAND: no line was found there")
    return f"lines from {', '.join(sorted(names))}"


def _tell(found: Found, mistakes: list[str], secrets: list[str] | None = None) -> int:
    width = max([len(name) for name, _ in found], default=0)
    lines = [f"{name.ljust(width)}  {text}" for name, text in found]
    lines += ["", _counted(len(mistakes), "mistake") + ":" if mistakes else "No mistake was found."]
    lines += [f"  {' '.join(line.split())}" for line in mistakes]
    for line in lines:
        shown = _TOKEN.sub("<token>", line)
        for secret in filter(None, secrets or []):
            shown = shown.replace(secret, "***")
        print(shown)
    return 1 if mistakes else 0


def _tell_skips(count: int, reasons: Counter[str]) -> None:
    total = sum(reasons.values())
    print(f"\n{count} tests: {count - total} can run, {total} will be skipped" + (", for want of:" if total else "."))
    for reason, times in reasons.most_common():
        print(fill(f"  {times:3}  {reason.partition(' has no ')[2] or reason}", _WIDTH, subsequent_indent=" " * 7))
    print(
        "A few more may be, for what the run alone shows: what the catalogue holds, and how the target goes about it.\n"
        "Commands that stop and start parts were not tried."
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


if __name__ == "__main__":
    sys.exit(main())
