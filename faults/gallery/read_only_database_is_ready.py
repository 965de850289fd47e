"""Readiness is green while the database cannot be written."""

from faults.patching import replace
from services.common import database

RULE = "6.1 H: a database that cannot be written turns readiness red"


def patch() -> None:
    """Ask for any answer."""
    replace(database, "_PROBE", lambda sql: sql.replace("current_setting('transaction_read_only') = 'off'", "true"))
