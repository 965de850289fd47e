"""Groups red tests by what differed, so that one deviation reads as one (contract: any rule)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# What differs from test to test, though the cause is one, and the word that stands for it. In this order.
_VARYING = [(re.compile(pattern), word) for pattern, word in (
    (r"^\d+ of \d+ calls (?:together|at once)(?: failed)?: |: [{\[].*|\[\d+\]", ""),
    (r"\b(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS) \S+", "CALL"),
    (r"\d+ x (?:\d+ )?\w+(?:, \d+ x (?:\d+ )?\w+)*", "TALLY"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}|player [0-9a-f]+|<token …[0-9a-f]+>|\b[0-9a-f]{8}\.\d+\b", "ID"),
    (r"\d+-\d\d-\d\d(?:[T ][\d:.+]+)?", "DAY"),
    (r"\b(?:[a-z]+ )?[a-z_]+/[a-z_]+(?: of \w+)?", "ITEM"),
    (r"\b(?:main|factory|trade)\b", "SECTION"),
    (r"\b[A-Za-z]+(?:_\w+)+|'[^']*'", "NAME"),
    (r"(?<![\w./-])[+-]?\d+(?:\.\d+)?\b", "N"),
    (r"(?:DAY: )?N ITEM(?:(?: in SECTION)?[,;] (?:DAY: )?N ITEM)*|\b(?:nothing|none|no rows)\b", "LIST"),
)]  # fmt: skip
# Which status came instead of which is the difference in kind, whatever was called; of the same status, the codes are.
_ANSWERED = re.compile(r"answered (?:no answer|(\d{3})(?: (\w+))?).*?, expected ([\dx|any]+)(?: ([\w|]+))?")
_RULE = re.compile(r"\b[Ll]aw \d|\b\d\.\d{1,2} [SH]\b|\(\d\.\d{1,2}\b")
_HEADINGS = ("failures occurred:", "failed:", "1) ")


@dataclass(frozen=True)
class Red:
    """A test that failed: its name, its documentation (which names its rules) and its message."""

    name: str
    documentation: str
    message: str


@dataclass(frozen=True)
class Cause:
    """What several red tests have in common."""

    rule: str
    what: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {len(self.tests) - 1} more" if len(self.tests) > 1 else ""
        return f"{self.rule}: {self.what} ({self.tests[0]}{more})"


def rules_of(documentation: str) -> list[str]:
    """Return the rules that a test's documentation names, as they stand there."""
    return [rule.strip("(") for rule in _RULE.findall(documentation)]


def rules_line(documentation: str) -> str:
    """Return the rules of a test in words for its message, nothing when it names none."""
    rules = rules_of(documentation)
    return f"[{', '.join(rules)}] " if rules else ""


def causes(red: Iterable[Red]) -> list[Cause]:
    """Return the causes of red tests, those of most tests first."""
    grouped: dict[str, list[Red]] = defaultdict(list)
    for one in red:
        grouped[_signature(one.message)].append(one)
    found = [
        Cause(_rule(tests[0]), _first_line(tests[0].message)[:300], tuple(test.name for test in tests))
        for tests in grouped.values()
    ]
    return sorted(found, key=lambda cause: -len(cause.tests))


def in_words(found: list[Cause]) -> list[str]:
    """Return lines for a console: how many causes explain how many red tests, and each with its first test."""
    red = sum(len(cause.tests) for cause in found)
    head = (
        f"{len(found)} cause{'s' * (len(found) != 1)} explain{'s' * (len(found) == 1)} {red} red test{'s' * (red != 1)}"
    )
    return [head, *(f"{number}. {cause}" for number, cause in enumerate(found, 1))]


def as_metadata(found: list[Cause]) -> str:
    """Return the causes for the top of the log, in Robot Framework's simple formatting."""
    return "\n".join(f"- {cause}" for cause in found)


def _rule(red: Red) -> str:
    # What a check says itself is the rule; otherwise it is one of those that the test is about.
    return ", ".join(rules_of(_first_line(red.message)) or rules_of(red.documentation)) or "no rule named"


def _first_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.rstrip().endswith(_HEADINGS)]
    return re.sub(r"^\[[^\]]*\] |^1\) ", "", lines[0]) if lines else "(no message)"


def _signature(message: str) -> str:
    """Return of which kind a failure is: the law that broke, the status that came instead, or else what was told."""
    line = _first_line(message)
    law = re.match(r"Law \d", line)
    if law:
        return law[0]
    answered = _ANSWERED.search(line)
    if answered:
        status, code, wanted, codes = answered.groups()
        return f"{status} {code if status == wanted else ''} for {wanted} {codes}"
    for pattern, word in _VARYING:
        line = pattern.sub(word, line)
    return line
