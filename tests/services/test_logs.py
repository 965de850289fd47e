"""Contract, section 6: one JSON object a line on stdout."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.common.logs import JsonFormatter, configure_logging, request_id


def record(message: str = "hello", **more: object) -> logging.LogRecord:
    made = logging.LogRecord("test", logging.WARNING, __file__, 1, message, (), None)
    made.__dict__.update(more)
    return made


def test_line_has_time_level_message_and_service() -> None:
    line = JsonFormatter("some-service").format(record("two\nlines"))
    assert "\n" not in line
    known = json.loads(line)
    assert datetime.fromisoformat(known.pop("timestamp")).utcoffset() == timedelta(0)
    assert known == {"level": "warning", "message": "two\nlines", "service": "some-service"}


def test_fields_become_members_and_odd_values_text() -> None:
    fields = {"user_id": UUID(int=1), "odd": ValueError("bad")}
    known = json.loads(JsonFormatter("s").format(record(fields=fields)))
    assert known["user_id"] == str(UUID(int=1))
    assert known["odd"] == "bad"


def test_request_id_of_the_moment_is_added() -> None:
    token = request_id.set("abc")
    try:
        assert json.loads(JsonFormatter("s").format(record()))["request_id"] == "abc"
    finally:
        request_id.reset(token)
    assert "request_id" not in json.loads(JsonFormatter("s").format(record()))


def test_error_keeps_its_kind_and_stack_in_one_line() -> None:
    try:
        raise KeyError("gone")
    except KeyError:
        line = JsonFormatter("s").format(record(exc_info=sys.exc_info()))
    known = json.loads(line)
    assert known["error"] == "KeyError"
    assert "Traceback" in known["stack"]
    assert "\n" not in line


@pytest.fixture
def untouched_root() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before


@pytest.mark.usefixtures("untouched_root")
def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("s", "warning")
    logging.getLogger("any").info("quiet")
    logging.getLogger("any").warning("loud")
    assert json.loads(capsys.readouterr().out)["message"] == "loud"
