"""Which statements a test reaches."""

import contextlib
from typing import Any

from faults.mutants import reach
from faults.mutants.collect import python_files
from faults.mutants.zygote import MARK

SOURCE = '''\
"""A module."""
LIMIT = 5


def of(number: int) -> str:
    """Say what it is."""
    if number > LIMIT:
        return (
            "much"
        )
    elif number < 0:
        raise ValueError(number)
    try:
        return str(1 // number)
    except ZeroDivisionError:
        pass
    match number:
        case 0:
            return "none"
    return "?"


class Box:
    size = 3

    @property
    def inner(self) -> str:
        def deeper() -> str:
            return "in"

        return deeper()
'''


def reached(number: int) -> set[int]:
    marks: dict[int, int] = {}
    space: dict[str, Any] = {MARK: marks}
    exec(reach.marked(SOURCE, 100), space)  # noqa: S102
    with contextlib.suppress(ValueError):
        space["of"](number)
    assert space["of"].__doc__ == "Say what it is."
    return {place - 100 for place in marks}


def test_each_statement_that_runs_marks_its_line_and_no_other() -> None:
    assert reached(6) == {7, 8}
    assert reached(-1) == {7, 11, 12}
    assert reached(1) == {7, 11, 13, 14}
    assert reached(0) == {7, 11, 13, 14, 16, 17, 19}


def test_a_line_belongs_to_the_innermost_statement_around_it() -> None:
    found = reach.statements(SOURCE)
    assert {line: found[line] for line in (7, 9, 11, 15, 16, 18, 19, 28, 29)} == {
        7: 7, 9: 8, 11: 11, 15: 13, 16: 16, 18: 17, 19: 19, 28: 28, 29: 29,
    }  # fmt: skip
    assert not {1, 2, 5, 23, 24, 26, 27} & set(found)


def test_every_module_of_the_services_can_be_marked() -> None:
    for first, path in enumerate(python_files()):
        compile(reach.marked(path.read_text("utf-8"), first), str(path), "exec")
