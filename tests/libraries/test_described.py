"""Answers are held against the target's own description."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from reporting.answers import Answer, Call
from reporting.description import Description

THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}}
ONE = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
DESCRIPTION = Description(
    {
        "paths": {
            "/things/{id}": {"get": {"responses": {"200": {"content": ONE}}}},
            "/things": {"post": {"requestBody": {"content": ONE}, "responses": {"200": {"content": ONE}}}},
        },
        "components": {"schemas": {"Thing": THING}},
    }
)
ID = "5b1f0a44-93ae-4a6f-8f63-0c1f3c0d8f11"
JSON = "application/json; charset=utf-8"


def answer(
    body: Any, status: int = 200, path: str = "/things/5", kind: str = JSON, method: str = "GET", sent: Any = None
) -> Answer:
    call = Call(method, f"http://h{path}", body=sent)
    return Answer(call, "r", status, body if isinstance(body, bytes) else json.dumps(body).encode(),
                  {"content-type": kind}, 0, 1)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (answer({}), 'GET /things/{id} answered 200, but the body: "id" is a required property'),
        (answer({"id": "x"}), 'GET /things/{id} answered 200, but id: "x" is not a "uuid"'),
        (answer({}, 409), "GET /things/{id} answered 409, but the description has no such status"),
        (answer({"id": ID}, kind="text/html"),
         "GET /things/{id} answered 200, but as text/html instead of application/json"),
        (answer(b"{"), "GET /things/{id} answered 200, but the body is no JSON"),
        (answer({"id": ID}, path="/things", method="POST", sent={}),
         'POST /things answered 200, but the description refuses the body: the body: "id" is a required property'),
        (answer({"id": ID}, path="/things", method="POST"),
         'POST /things answered 200, but the description refuses the body: the body: null is not of type "object"'),
    ],
)  # fmt: skip
def test_what_is_not_as_described_is_named(found: Answer, problem: str) -> None:
    assert DESCRIPTION.problems_with(found) == [problem]


def test_what_is_as_described_and_what_is_not_described_is_fine() -> None:
    sent = {"id": ID}
    for found in (
        answer({"id": ID, "more": 1}),
        answer({"id": ID}, path="/things", method="POST", sent=sent),
        answer({}, path="/others"),
        answer({}, method="DELETE"),
    ):
        assert DESCRIPTION.problems_with(found) == []


def test_what_a_call_by_hand_has_sent_is_not_judged() -> None:
    found = answer({"id": ID}, path="/things", method="POST")
    assert DESCRIPTION.problems_with(replace(found, call=replace(found.call, is_by_hand=True))) == []
