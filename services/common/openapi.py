"""The description of a service's calls in OpenAPI 3.1, made from the types that they take and give (contract 6.6)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from services.common.errors import ErrorBody

JSON = "application/json"
_PATH_PARAMETER = re.compile(r"{(\w+)}")
UUID_SCHEMA = {"type": "string", "format": "uuid"}
_REQUEST_ID = {"name": "X-Request-ID", "in": "header", "schema": {"type": "string"},
               "description": "Taken over when it has a usual form, made otherwise; each answer has it"}  # fmt: skip
# Who may call. Where the network is the guard, nobody has to say who they are.
_SCHEMES = {
    "player": "A token of a login",
    "service": "A service's token, role internal",
    "administrator": "A token of an administrator's login, role admin",
}
_STATUSES = {
    200: "Done",
    400: "The input cannot be used",
    401: "There is no token, or no good one",
    403: "This caller may not",
    404: "There is none",
    408: "The request did not come to its end in time",
    409: "Against what was written before",
    413: "The body is too large",
    429: "Too often; see Retry-After",
    431: "The headers are too large",
    500: "The service failed; its log knows why",
    503: "Not now; see Retry-After",
}
# What any call may meet before anybody looks at what it asks for.
_ANY = (400, 408, 413, 431, 500, 503)


@dataclass(frozen=True)
class Parameter:
    """What a call takes outside its body: ``where`` is query or header."""

    name: str
    where: str
    schema: Mapping[str, Any]
    required: bool = False


def describe(title: str, version: str, calls: Iterable[Any]) -> dict[str, Any]:
    """Return the description of these `services.common.calls.Call`s."""
    calls = list(calls)
    kinds: list[Any] = [ErrorBody]
    for call in calls:
        kinds += [call.gives, *call.refuses.values(), *([call.takes.kind] if call.takes else [])]
    schemas, components = msgspec.json.schema_components(
        kinds, schema_hook=lambda _: UUID_SCHEMA, ref_template="#/components/schemas/{name}"
    )
    # By identity: not all types can be hashed.
    schema_of = {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        answers = dict.fromkeys(_ANY, (JSON, ErrorBody))
        if call.access:
            answers |= dict.fromkeys((401, 403), (JSON, ErrorBody))
        answers |= {status: (JSON, kind) for status, kind in call.refuses.items()}
        answers[200] = (call.media_type, call.gives)
        operation: dict[str, Any] = {
            "summary": call.summary,
            "parameters": [
                *({"name": n, "in": "path", "required": True, "schema": UUID_SCHEMA}
                  for n in _PATH_PARAMETER.findall(call.path)),
                *({"name": p.name, "in": p.where, "required": p.required, "schema": p.schema} for p in call.parameters),
                _REQUEST_ID,
            ],
            "responses": {
                str(status): {"description": _STATUSES[status],
                              "content": {media_type: {"schema": schema_of[id(kind)]}}}
                for status, (media_type, kind) in sorted(answers.items())
            },
        }  # fmt: skip
        if call.takes is not None:
            content = {JSON: {"schema": schema_of[id(call.takes.kind)]}}
            operation["requestBody"] = {"required": True, "content": content}
        if call.access:
            operation["security"] = [{} if who is None else {who: []} for who in call.access]
        paths.setdefault(call.path, {})[call.method.lower()] = operation
    schemes = {
        name: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": what}
        for name, what in _SCHEMES.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": schemes},
    }
