"""deploy/catalogue.sql: what it makes of a database is what the suites would read from it themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from libraries.ledger import catalogue, database
from libraries.target import preparing
from libraries.target.settings import parse_target
from stack import client
from tests.deploy.world import ROOT


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg2.extensions.connection]:
    """The stack's database, which is the target's too."""
    state = client.attach_or_start()
    postgres, password = state.postgres, state.load_secrets().db_password
    settings = {
        "TARGET_NAME": "t", "TARGET_PUBLIC_URLS": "http://127.0.0.1:1", "TARGET_DATABASE_HOST": postgres.host,
        "TARGET_DATABASE_PORT": str(postgres.port), "TARGET_DATABASE_NAME": postgres.dbname,
        "TARGET_DATABASE_USER": postgres.user, "TARGET_DATABASE_PASSWORD": password,
    }  # fmt: skip
    monkeypatch.setattr(preparing, "_found", parse_target(settings))
    made = psycopg2.connect(
        host=postgres.host, port=postgres.port, dbname=postgres.dbname, user=postgres.user, password=password
    )
    monkeypatch.setattr(database, "_kept", None)
    yield made
    made.close()
    if database._kept is not None:
        database._kept.close()


def test_the_file_says_what_the_database_says(connection: psycopg2.extensions.connection, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute((ROOT / "deploy" / "catalogue.sql").read_text("utf-8"))
        (told,) = cursor.fetchone() or (None,)
    (tmp_path / "catalogue.json").write_text(json.dumps(told), "utf-8")
    written, read = catalogue.from_file(tmp_path / "catalogue.json"), catalogue.from_database()
    assert len(read.items) > 5
    assert [(one.item_id, one.item_class, one.item_type) for one in written.items] == [
        (one.item_id, one.item_class, one.item_type) for one in read.items
    ]
    for one, same in zip(written.items, read.items, strict=True):
        assert sorted(written.codes_of(one.quality_levels)) == sorted(read.codes_of(same.quality_levels)), same
        assert sorted(written.codes_of(one.collections)) == sorted(read.codes_of(same.collections)), same
