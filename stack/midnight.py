"""A stack beside that of a run, by whose clock a day is about to end (libfaketime)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psycopg2

from . import client, clock, postgres
from .places import checkout_key, places
from .processes import key_of
from .state import Spec, State

# How long before midnight all has to be ready that is to happen then. A machine that was too slow gets more the next
# time.
_LEAST_SECONDS = 5.0
_SECONDS = (12.0, 30.0, 60.0)
# Those whose writes wait leave connections for others.
_ROOM = {"DB_POOL_SIZE": "24", "DB_WAIT_SECONDS": "5"}
# When calls begin, when others look at what they change, and when both go on: seconds after midnight.
_BEFORE, _MEANWHILE, _AFTER = -0.25, 0.15, 0.5
_AGE = """
SET session_replication_role = replica;
UPDATE inventory.operations SET created_at = created_at - make_interval(days => %s);
RESET session_replication_role
"""
# What a player had of a variant when the day ended, where the snapshot says something else or is missing.
_WRONGLY_CLOSED = """
WITH had AS (
    SELECT user_id, section_id, item_id, collection_id, quality_level_id, sum(quantity_change) AS quantity
    FROM inventory.operations WHERE created_at < date_trunc('day', now(), 'UTC') AND user_id::text = %s
    GROUP BY user_id, section_id, item_id, collection_id, quality_level_id)
SELECT had.quantity::text, kept.quantity::text
FROM had LEFT JOIN inventory.daily_balances AS kept
    ON (had.user_id, had.section_id, had.item_id, had.collection_id, had.quality_level_id)
     = (kept.user_id, kept.section_id, kept.item_id, kept.collection_id, kept.quality_level_id)
    AND kept.balance_date = (now() AT TIME ZONE 'UTC')::date - 1
WHERE kept.quantity IS DISTINCT FROM had.quantity AND (had.quantity <> 0 OR kept.quantity IS NOT NULL)
"""
_T = TypeVar("_T")


class MidnightStack:
    """A stack like that of the run. ``at`` is when its day ends, by this machine's clock."""

    def __init__(self, like: State) -> None:
        """Start it. Raises StackError, also where there is no libfaketime."""
        where, owner = places(), client.run_key()
        clock.library(where)
        for seconds in _SECONDS:
            name = f"run-{checkout_key()}-{owner.pid}-{owner.start_time}-midnight-{os.getpid()}"
            spec = Spec(
                name, key_of(os.getpid()), owner, like.shape, 1, like.fault, like.dialect, _ROOM, midnight_in=seconds
            )  # fmt: skip
            self.state = client.start_or_join(where, spec)
            self.at = clock.midnight(Path(self.state.run_dir))
            if self.at - time.time() > _LEAST_SECONDS or seconds == _SECONDS[-1]:
                break
            self.stop()
        self.auth, self.inventory = self.state.auth.url, self.state.inventory[0]
        self.secrets = self.state.load_secrets()
        self.instance: Any = None

    def stop(self) -> None:
        """Stop it."""
        client.stop(self.state)

    def wait(self, seconds: float) -> bool:
        """Wait until so many seconds after midnight, or before it if they are negative; say whether it was earlier."""
        left = self.at + seconds - time.time()
        time.sleep(max(left, 0.0))
        return left > 0

    def make_administrator(self, user_id: str) -> None:
        """Let a user be an administrator from the next login on."""
        self._ask("UPDATE auth.users SET role = 'admin' WHERE id::text = %s", user_id)

    def age(self, days: int) -> None:
        """Date all that stands in the ledger so many days earlier."""
        self._ask(_AGE, days)

    def wrongly_closed(self, user_id: str) -> list[str]:
        """Return in words which snapshots of the day that ended say something else than a player's rows."""
        return [f"there were {had}, and the snapshot says {kept}" for had, kept in self._ask(_WRONGLY_CLOSED, user_id)]

    def pass_with(
        self, write: Callable[[Callable[[], None]], Sequence[_T]], read: Callable[[Callable[[], None]], None]
    ) -> Sequence[_T]:
        """Begin writes before midnight, keep their rows out of the ledger until it has passed, and read meanwhile.

        Both get what is to be done while their calls are under way. Returns what ``write`` returns, nothing when it was
        too late.
        """
        if not self.wait(2 * _BEFORE):
            return ()
        session = self._connect()
        session.autocommit = False
        try:
            with session.cursor() as cursor:
                cursor.execute("LOCK TABLE inventory.operations IN SHARE ROW EXCLUSIVE MODE")
            self.wait(_BEFORE)
            return write(lambda: self._read_after(read, session))
        finally:
            session.close()

    def _read_after(self, read: Callable[[Callable[[], None]], None], session: psycopg2.extensions.connection) -> None:
        self.wait(_MEANWHILE)
        read(lambda: self._let_go(session))

    def _let_go(self, session: psycopg2.extensions.connection) -> None:
        self.wait(_AFTER)
        session.rollback()

    def _connect(self) -> psycopg2.extensions.connection:
        return postgres.connect(self.state.postgres.port, self.secrets.db_password)

    def _ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        session = self._connect()
        try:
            with session.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            session.close()
