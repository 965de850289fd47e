"""What counts as a structured line of a log (6.4)."""

import pytest

from reporting.lines import is_structured


@pytest.mark.parametrize("line", [
    '{"msg": "answered", "path": "/inventory"}',
    'auth-1  | {"msg": "answered"}',
    'level=info msg="request answered" path=/inventory status=200',
    'pod/inventory-0 time=12:00 level=warn msg=refused',
    'time:12:00\tstatus:400\tpath:/inventory/reserve',
])  # fmt: skip
def test_fields_with_names_are_structured(line: str) -> None:
    assert is_structured(line)


@pytest.mark.parametrize("line", [
    "info request answered POST /inventory/reserve 400",
    "GET /inventory?section=main&a=1&b=2 200",
    "refused {} of 7b7523b6",
    '{"msg": "cut sho',
    "level=info the request was answered",
    "info: refused\t400\tPOST /inventory/reserve",
    "",
])  # fmt: skip
def test_sentences_are_not(line: str) -> None:
    assert not is_structured(line)
