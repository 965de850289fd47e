"""The description of a service's calls in OpenAPI 3.1, made from the types that they take and give."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from services.common.errors import ErrorBody

_PARAMETER = re.compile(r"{(\w+)}")


def describe(title: str, version: str, calls: Iterable[Any]) -> dict[str, Any]:
    """Return the description of these `services.common.calls.Call`s."""
    calls = list(calls)
    kinds = [ErrorBody, *(call.gives for call in calls), *(call.takes.kind for call in calls if call.takes)]
    schemas, components = msgspec.json.schema_components(
        kinds, schema_hook=lambda _: {"type": "string", "format": "uuid"}, ref_template="#/components/schemas/{name}"
    )
    error, *rest = schemas
    given, taken = iter(rest[: len(calls)]), iter(rest[len(calls) :])
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        operation: dict[str, Any] = {
            "summary": call.summary,
            "parameters": [
                *({"name": n, "in": "path", "required": True, "schema": {"type": "string"}}
                  for n in _PARAMETER.findall(call.path)),
                *({"name": n, "in": "query", "schema": {"type": "string"}} for n in call.query),
            ],
            "responses": {
                "200": {"description": "Done", "content": _json(next(given))},
                "default": {"description": "Refused", "content": _json(error)},
            },
        }  # fmt: skip
        if call.takes is not None:
            operation["requestBody"] = {"required": True, "content": _json(next(taken))}
        paths.setdefault(call.path, {})[call.method.lower()] = operation
    info = {"title": title, "version": version}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": components}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
