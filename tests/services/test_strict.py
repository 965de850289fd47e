"""What other decoders let pass."""

import json
import uuid

import pytest

from services.common.strict import NotStrictError, strict_json, usual_uuid

ID = "5b1f0a44-93ae-4a6f-8f63-0c1f3c0d8f11"


@pytest.mark.parametrize("text", ["{}", '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}', "[1.5, -0, 1e300]", '"\\ud800"'])
def test_what_says_one_thing_is_decoded(text: str) -> None:
    assert strict_json(text) == json.loads(text)
    assert strict_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '[{"b": {"a": 1, "\\u0061": 2}}]'])
def test_a_member_that_stands_twice_is_named(text: str) -> None:
    with pytest.raises(NotStrictError, match="stands twice") as raised:
        strict_json(text)
    assert raised.value.member == "a"


NO_JSON = [b'"\xff"', b"1e400", b"[-1e400]", b"NaN", b"-Infinity", b"[" * 100_000, b"", b"{} {}"]


@pytest.mark.parametrize("text", NO_JSON)
def test_what_is_no_json_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whose words are the decoder's own
        strict_json(text)


def test_the_usual_form_of_a_uuid() -> None:
    assert usual_uuid(ID) == usual_uuid(ID.upper()) == uuid.UUID(ID)


@pytest.mark.parametrize(
    "text",
    ["", ID.replace("-", ""), f"urn:uuid:{ID}", f"{{{ID}}}", ID.replace("-", "") + "----", f" {ID}", f"{ID}\n",
     ID.translate({48 + n: 0xFF10 + n for n in range(10)})],
)  # fmt: skip
def test_other_forms_of_a_uuid_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="usual form"):
        usual_uuid(text)
