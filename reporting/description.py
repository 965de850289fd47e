"""Judges answers by the OpenAPI description that a listener gives of itself (contract 6.6)."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from reporting import redaction
from reporting.answers import Answer, origin_of
from reporting.last_test import LastTest


@dataclass
class Description:
    """The description of one listener."""

    document: dict[str, Any]
    _checks: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._routes = [
            (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), path, operations)
            for path, operations in self.document.get("paths", {}).items()
        ]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """Return what it says of a call, by the pattern of its path; nothing when it does not have it.

        The parameters of all calls of the path are among its own, and the document's components are beside them.
        """
        of_path = self.document.get("paths", {}).get(path, {})
        found = of_path.get(method.lower())
        components = self.document.get("components", {})
        if not found:
            return {}
        named = [*of_path.get("parameters", ()), *found.get("parameters", ())]
        known = components.get("parameters", {})
        parameters = [known[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in named]
        return {**found, "parameters": parameters, "components": components}

    def problems_with(self, answer: Answer) -> list[str]:
        """Return in words how an answer differs from the description; nothing for a call that it does not have."""
        call = answer.call
        for pattern, path, operations in self._routes:
            if pattern.fullmatch(call.path) and call.method.lower() in operations:
                told = self._problems(answer, operations[call.method.lower()])
                return [f"{call.method} {path} answered {answer.status}, but {problem}" for problem in told]
        return []

    def _problems(self, answer: Answer, operation: dict[str, Any]) -> list[str]:
        known = operation.get("responses", {})
        # Descriptions may tell of a class of statuses, or of all others.
        names = (str(answer.status), f"{str(answer.status)[0]}XX", "default")
        described = next((known[name] for name in names if name in known), None)
        if described is None:
            return ["the description has no such status"]
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip()
        contents = described.get("content", {})
        if media_type not in contents:
            return [f"as {media_type or 'nothing'} instead of {' or '.join(contents) or 'nothing'}"]
        is_json = media_type == "application/json"
        if is_json and answer.body is None:
            return ["the body is no JSON"]
        found = self._differences(contents[media_type]["schema"], answer.body) if is_json else []
        sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if answer.status == 200 and sent is not None and not answer.call.is_by_hand:
            with contextlib.suppress(ValueError):
                body = json.loads(answer.call.payload or b"null")
                found += [f"the description refuses the body: {one}" for one in self._differences(sent["schema"], body)]
        return found

    def _differences(self, schema: dict[str, Any], value: Any) -> list[str]:
        key = json.dumps(schema)
        if key not in self._checks:
            whole = {**schema, "components": self.document.get("components", {})}
            self._checks[key] = jsonschema_rs.validator_for(whole, validate_formats=True)
        return [
            f"{'.'.join('*' if isinstance(step, int) else step for step in error.instance_path) or 'the body'}: "
            f"{redaction.redact(error.message)[:200]}"
            for error in self._checks[key].iter_errors(value)
        ]


class Descriptions:
    """Holds every answer against the description of its listener, which ``fetch`` gets once by scheme and host.

    ``fetch`` returns None for a listener without one.
    """

    def __init__(self, fetch: Callable[[str], dict[str, Any] | None]) -> None:
        says = "6.6 H: the target's own description says what it answers."
        self.last_test = LastTest("Every Answer Is As Described", says, "hardening")
        self._fetch = fetch
        self._known: dict[str, Description | None] = {}

    def of(self, url: str) -> Description | None:
        """Return the description of the listener that an address leads to, None for one without."""
        origin = origin_of(url)
        if origin not in self._known:
            document = self._fetch(origin)
            self._known[origin] = None if document is None else Description(document)
        return self._known[origin]

    def look_at(self, answer: Answer, test: str) -> None:
        """Judge an answer; one problem is kept once, however often it is seen."""
        description = None if answer.status is None else self.of(answer.call.url)
        for problem in description.problems_with(answer) if description else ():
            self.last_test.see(f"{problem} (request {answer.request_id})", test)
