"""The documentation of all keywords."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import docs


def test_every_keyword_has_a_page_and_those_of_the_resources_a_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert docs.main([str(tmp_path)]) == 0, capsys.readouterr().err
    index = (tmp_path / "index.html").read_text("utf-8")
    for page in ("inventory.html", "libraries.target.html", "libraries.calls.html", "contract.md"):
        assert f'href="{page}"' in index
        assert (tmp_path / page).is_file()
    assert "Send Together" in (tmp_path / "libraries.calls.html").read_text("utf-8")


def test_a_keyword_without_a_rule_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    resource = tmp_path / "new.resource"
    resource.write_text(
        "*** Keywords ***\nOne\n    [Documentation]    What 4.5 asks for.\n    No Operation\n"
        "Two\n    [Documentation]    Law 2.\n    No Operation\nThree\n    [Documentation]    Hm.\n    No Operation\n"
    )
    monkeypatch.setattr(docs, "sources", lambda: {"new": str(resource)})
    assert docs.main([str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == (
        "error: new: Three names no rule of the contract, like (4.5), law 2 or section 5\n"
    )
