"""Ids are taken in every form that the language reads, and calls wait for those that spell a player as they do."""

from typing import Any

from faults.gallery import player_locked_by_spelling as by_spelling
from faults.gallery.lines_told_apart_by_their_text import read_in_any_form
from faults.patching import replace
from services.common import calls

RULE = by_spelling.RULE
SQL = by_spelling.SQL


def patch() -> None:
    """Keep how an id was written, capitals aside."""
    read_in_any_form()
    by_spelling.patch()

    def small(read: Any) -> Any:
        return lambda kind, value: read(kind, value.lower() if isinstance(value, str) else value)

    replace(calls, "_own_type", small)
