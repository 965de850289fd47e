"""Holds every answer against the forms that rules of origin S promise, also where no test asks for them.

What a target's own description says of its answers is judged in `reporting.description`; many have none.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

from reporting.answers import Answer
from reporting.forms import differences
from reporting.last_test import LastTest


class Promises:
    """Judges answers by a table of what is promised: ``4.3 S: 200 GET */thing: items.*.quantity count, success true``.

    That is the rule, then status, method and path with the wildcards of a shell, then members as in `reporting.forms`.
    """

    def __init__(self, table: Sequence[str]) -> None:
        self.last_test = LastTest("Every Answer Has The Form That Was Promised", "")
        self._rules: set[str] = set()
        self._table = [
            (re.compile(fnmatch.translate(asked)), rule, forms.split(", "))
            for rule, asked, forms in (line.split(": ") for line in table)
        ]

    def look_at(self, answer: Answer, test: str) -> None:
        """Judge an answer; one problem is kept once, however often it is seen."""
        asked = f"{answer.status} {answer.call.method} {answer.call.path}"
        for pattern, rule, forms in self._table:
            wrong = differences(answer.body, forms) if pattern.fullmatch(asked) else []
            if wrong:
                self._rules.add(rule)
                self.last_test.documentation = f"{', '.join(sorted(self._rules))}: what answers are promised to hold."
                told = f"{answer.call} answered {answer.outcome}, but {'; '.join(wrong)} (request {answer.request_id})"
                self.last_test.see(told, test)
