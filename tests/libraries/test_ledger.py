"""What becomes of a statement that the target's database refuses."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from psycopg2 import errors
from robot.api import SkipExecution

from libraries.ledger import database, rows
from libraries.target.settings import Target


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the database refuse every statement with this error."""

    def refuse(error: type[psycopg2.Error]) -> None:
        def execute(*_: Any) -> None:
            raise error("it says why")

        cursor = SimpleNamespace(execute=execute)
        connection = SimpleNamespace(cursor=lambda: nullcontext(cursor), closed=False)
        monkeypatch.setattr(database, "_connection", lambda: connection)
        monkeypatch.setattr(database, "target", lambda: Target("t", instances=()))

    return refuse


@pytest.mark.parametrize("error", [errors.InsufficientPrivilege, errors.RaiseException, errors.NotNullViolation])
def test_a_row_that_is_refused_skips_the_test(refused: Any, error: type[psycopg2.Error]) -> None:
    refused(error)
    with pytest.raises(SkipExecution, match="target t takes no row of the ledger by hand: it says why"):
        rows._insert("operations", "u", [{"id": "1"}])


def test_a_statement_of_ours_that_is_wrong_skips_nothing(refused: Any) -> None:
    refused(errors.SyntaxError)
    with pytest.raises(errors.SyntaxError):
        rows._insert("operations", "u", [{"id": "1"}])


@pytest.mark.parametrize("error", [errors.InsufficientPrivilege, errors.UndefinedTable])
def test_users_who_cannot_be_seen_skip_the_test(refused: Any, error: type[psycopg2.Error]) -> None:
    refused(error)
    with pytest.raises(SkipExecution, match=r"the users of target t cannot be looked at: .*it says why"):
        database.need_users()
