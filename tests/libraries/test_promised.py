"""Answers are held against the forms that the contract promises."""

from __future__ import annotations

import json
from typing import Any

import robot.running

from reporting.answers import Answer, Call
from reporting.promises import Promises

TABLE = (
    "4.3 S: 200 GET */things: items.*.quantity count",
    "4.2 S: 40[01] [GP]* */thing*: error text, message text",
)


def last_test_after(*answers: tuple[int, str, str, Any]) -> list[tuple[str, str]]:
    promises, top = Promises(TABLE), robot.running.TestSuite("Suites")
    for status, method, path, body in answers:
        call = Call(method, f"http://h{path}")
        promises.look_at(Answer(call, "0a0b0c0d.1", status, json.dumps(body).encode(), {}, 0, 1), "A Test")
        promises.last_test.tell(top)
    return [(test.doc, str(test.body[0].args[0])) for test in top.tests]


def test_what_is_not_as_promised_makes_one_test_that_names_the_rules_and_each_kind_once() -> None:
    ((rules, message),) = last_test_after(
        (200, "GET", "/api/things?a=1", {"items": [{"quantity": 0}]}),
        (200, "GET", "/things", {"items": [{"quantity": 4}, {"quantity": -7}]}),
        (400, "POST", "/thing/5", {"error": "no"}),
    )
    assert rules == "4.2 S, 4.3 S: what answers are promised to hold."
    assert message.startswith("3 kinds of it: GET /api/things answered 200, but items[0].quantity is 0, not a whole")
    assert "POST /thing/5 answered 400 no, but message is missing (request 0a0b0c0d.1), first in A Test" in message


def test_what_is_as_promised_or_of_which_nothing_is_promised_makes_none() -> None:
    assert not last_test_after(
        (200, "GET", "/things", {"items": []}),
        (404, "GET", "/things", "not here"),
        (400, "DELETE", "/things", "no"),
        (200, "GET", "/things/of/another/kind", None),
    )
