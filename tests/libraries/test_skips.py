"""A skipped test says why, also where Robot Framework says only that all its rows were."""

from pathlib import Path

import pytest
from robot.api import ExecutionResult
from robot.run import run as run_robot

from reporting import run

SUITE = """
*** Test Cases ***
Two reasons
    [Template]    Skip Odd Ones
    1
    3
    1
One reason in a loop
    [Template]    Skip Odd Ones
    FOR    ${n}    IN    1    1
        ${n}
    END
    1
No rows
    Skip    nothing to do here
Some rows
    [Template]    Skip Odd Ones
    1
    2
A loop and more
    [Template]    Skip Odd Ones
    FOR    ${n}    IN    1    3
        ${n}
    END
    2

*** Keywords ***
Skip Odd Ones
    [Arguments]    ${n}
    Skip If    ${n} % 2    ${n} is odd
"""


def test_a_skipped_test_tells_the_reasons_of_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "RUN", run.RunOfSuites())
    suite, output = tmp_path / "skips.robot", tmp_path / "output.xml"
    suite.write_text(SUITE, "utf-8")
    run_robot(suite, listener=run.RunListener(), output=output, log=None, report=None, console="none")
    told = {test.name: (test.status, test.message) for test in ExecutionResult(output).suite.tests}
    assert told == {
        "Two reasons": ("SKIP", "1 is odd\n3 is odd"),
        "One reason in a loop": ("SKIP", "1 is odd"),
        "No rows": ("SKIP", "nothing to do here"),
        "Some rows": ("PASS", "Rows were skipped:\n1 is odd"),
        "A loop and more": ("PASS", "Rows were skipped:\n1 is odd\n3 is odd"),
    }
