"""A test that a run ends with when it has seen what no other test asks about."""

from __future__ import annotations

import re
from typing import Any

from robot.libraries.BuiltIn import BuiltIn
from robot.model import TagPatterns

_MOST = 10
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{8}\.\d+|\d+|\"[^\"]*\"")


class LastTest:
    """Is red with what was seen, each kind once, however many tests saw it; what was not seen makes no test."""

    def __init__(self, name: str, documentation: str, *tags: str) -> None:
        self._name, self.documentation, self._tags = name, documentation, tags
        self._seen: dict[str, str] = {}

    def see(self, problem: str, test: str) -> None:
        """Remember a problem in words and the test that saw it first; nothing for a setup."""
        self._seen.setdefault(_VARYING.sub("", problem), f"{problem}, first in {test or 'a setup'}")

    def tell(self, top: Any) -> None:
        """Let the run have this test, none where tests with its tags are left out; later calls say what came since."""
        options = BuiltIn().get_variable_value("${OPTIONS}") or {} if self._tags else {}
        if not self._seen or TagPatterns(options.get("exclude", ())).match(self._tags):
            return
        last = next((test for test in top.tests if test.name == self._name), None)
        if last is None:
            last = top.tests.create(name=self._name, tags=self._tags)
            last.body.create_keyword(name="Fail")
        seen = list(self._seen.values())
        told = f"{len(seen)} kinds of it: " if len(seen) > 1 else ""
        more = [f"and {len(seen) - _MOST} more"] if len(seen) > _MOST else []
        last.doc, last.body[0].args = self.documentation, (told + "\n".join([*seen[:_MOST], *more]),)
