"""Finds the target of this run once a process: starts the embedded stack, or asks whether another target answers."""

from __future__ import annotations

import os
import runpy
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from robot.api import FatalError, SkipExecution, logger
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError
from robot.running.context import EXECUTION_CONTEXTS

from libraries.target.settings import Settings, Target, TargetError, lacks, parse_target
from reporting.console import pabot_address

PROBE_SECONDS = 8.0
ROOT = Path(__file__).parents[2]
_DEFAULTS = ROOT / "variables" / "embedded.py"
_found: Target | None = None
_failure: str | None = None
_not_recovered: list[str] = []


def target() -> Target:
    """Return this run's target, prepared on first use.

    Raises FatalError with one message when it cannot be used; the run then stops.
    """
    global _found, _failure
    if _failure is not None:
        raise FatalError(_failure)
    if _found is None:
        try:
            _found = prepare(gather_settings())
        except TargetError as error:
            _failure = str(error)
            raise FatalError(_failure) from None
        logger.info(f"Target {_found.name}, shape {_found.shape}: {', '.join(i.public for i in _found.instances)}")
    return _found


def note_no_recovery(reason: str) -> None:
    """From now on skip tests that take a part away: the target did not recover the last time, for this reason."""
    _not_recovered.append(reason)


def need(*parts: str) -> None:
    """Skip the running test, with the reason, when the target lacks one of the parts."""
    reasons = [reason for part in parts if (reason := lacks(target(), part))]
    if _not_recovered and any(part.endswith(" outage") for part in parts):
        reasons.append(f"nothing more is taken away from a target that did not recover: {_not_recovered[0]}")
    if reasons:
        raise SkipExecution("; ".join(reasons))


def gather_settings(environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Collect the settings: the variable file's (embedded's by default), and over them the environment's.

    Raises TargetError when a variable file could not be read: its target would be taken for the embedded one.
    """
    unread = _variable_files_not_read()
    if unread:
        raise TargetError(unread[0].splitlines()[0])
    given = _robot_variables()
    defaults = {} if given.get("TARGET_NAME") else runpy.run_path(str(_DEFAULTS))
    settings = {**defaults, **given, **environment}
    return {name: value for name, value in settings.items() if name.startswith("TARGET_")}


def _variable_files_not_read() -> list[str]:
    # Robot Framework goes on after such an error; it stands only among those of the output file.
    output = getattr(EXECUTION_CONTEXTS.current, "output", None)
    errors = getattr(getattr(output, "output_file", None), "errors", ())
    return [str(error.message) for error in errors if "variable file" in str(error.message).lower()]


def _robot_variables() -> dict[str, object]:
    try:
        variables = BuiltIn().get_variables(no_decoration=True)
    except RobotNotRunningError:
        return {}
    return {name.upper(): value for name, value in variables.items()}


def prepare(settings: Mapping[str, object]) -> Target:
    """Return a target that answers. Raises TargetError with one line."""
    stack = Settings(settings).text("STACK") or "none"
    if stack not in ("embedded", "none"):
        raise TargetError(f"setting TARGET_STACK is {stack!r}: it must be embedded or none")
    if stack == "embedded":
        try:
            from libraries.target.embedded import embedded_target
        except ImportError as error:
            raise TargetError(
                f"the embedded stack cannot be used here: {error}. Name another target: variables/staging_example.py"
            ) from None

        return embedded_target(settings, pabot_address())
    found = parse_target(settings)
    probe(found)
    return found


def probe(found: Target, seconds: float = PROBE_SECONDS) -> None:
    """Wait until every address answers. Raises TargetError naming the first that does not, and its setting."""
    deadline = time.monotonic() + seconds
    parts = [(f"TARGET_{part.upper()}_URLS", part) for part in ("public", "internal", "health")]
    addresses = [(setting, getattr(one, part)) for setting, part in parts for one in found.instances]
    for setting, url in [*addresses, ("TARGET_AUTH_URL", found.auth_url)]:
        if not url:
            continue
        problem = _ask(url, deadline, found.ca_file, well=setting == "TARGET_HEALTH_URLS")
        if problem and problem.startswith("status"):
            raise TargetError(f"target {found.name} answers {problem} at {url}: it is not well, or change {setting}.")
        if problem:
            address = f"{urlsplit(url).hostname}:{urlsplit(url).port or urlsplit(url).scheme}"
            raise TargetError(
                f"target {found.name} does not answer at {url}: {problem}. "
                f"Start what listens at {address}, or change {setting} in the variable file."
            )


def _ask(url: str, deadline: float, ca_file: str | None, *, well: bool) -> str | None:
    # What an address without a path answers is nobody's business, only that it does.
    problem = "no time was left to ask"
    while True:
        try:
            seconds = max(0.2, min(2.0, deadline - time.monotonic()))
            answer = requests.get(url, timeout=seconds, verify=ca_file or True, allow_redirects=well)
        except requests.exceptions.SSLError as error:
            return f"its certificate is not trusted ({_reason(error)}); TARGET_CA_FILE names a private authority"
        except requests.RequestException as error:
            problem = _reason(error)
        else:
            if answer.status_code < 500 or not well:
                return None
            problem = f"status {answer.status_code}"
        if time.monotonic() > deadline - 0.2:
            return problem
        time.sleep(0.2)


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    text = str(error)
    if "resolve" in text or "Name or service" in text or "nodename" in text:
        return "the host's name is not known"
    return "connection refused" if "refused" in text else type(error).__name__


def stack_in_use() -> Any:
    """Return the embedded stack that this process has asked so far, None for another target."""
    return _found.stack if _found else None


def dead_parts() -> list[str]:
    """Say which parts of the embedded stack have ended by themselves; nothing for another target."""
    if stack_in_use() is None:
        return []
    from stack.suites import deaths_of

    return deaths_of(stack_in_use())
