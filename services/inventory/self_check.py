"""Looks at the ledger's laws from time to time, so that a broken one is noticed (contract, section 5).

Cheap on purpose: the players who moved since the last look, a few more in turn, and those who were found wrong before,
so that a finding stays until it is mended.
"""

import asyncio
import logging
import time
from collections import Counter
from uuid import UUID

from services.common.database import Database
from services.common.errors import Refusal
from services.inventory import metrics

log = logging.getLogger(__name__)

LAWS = ("balance", "debt", "conservation")
TOUCHED = 200
SAMPLE = 50
SUSPECTS = 1000
# Rows carry the time of their writing, which is a little before the commit that shows them.
OVERLAP_SECONDS = 30.0
_BEFORE_ALL = UUID(int=0)

PLAYERS = "SELECT user_id, sampled FROM inventory.players_to_check($1, $2, $3, $4)"
CHECK = "SELECT law, user_id, findings FROM inventory.self_check($1)"


class SelfCheck:
    """Keeps ``inventory_ledger_violations{law}`` and counts its looks in ``inventory_ledger_checks_total{status}``."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._after = _BEFORE_ALL
        self._suspects: list[UUID] = []
        self._looked_at = time.monotonic()
        for law in LAWS:
            metrics.ledger_violations.labels(law).set(0)
        for status in ("success", "error"):
            metrics.ledger_checks.labels(status)

    async def look(self) -> None:
        """Look once. Raises Refusal 503 when the database is away."""
        started = time.monotonic()
        period = started - self._looked_at + OVERLAP_SECONDS
        players = await self._database.rows("players_to_check", PLAYERS, period, TOUCHED, self._after, SAMPLE)
        sampled = [row["user_id"] for row in players if row["sampled"]]
        chosen = {row["user_id"] for row in players}.union(self._suspects)
        rows = await self._database.rows("self_check", CHECK, list(chosen))
        # A short walk has reached the last player: the next one begins anew.
        self._after = sampled[-1] if len(sampled) == SAMPLE else _BEFORE_ALL
        self._looked_at = started
        found: Counter[str] = Counter()
        for row in rows:
            found[row["law"]] += row["findings"]
        for law in LAWS:
            metrics.ledger_violations.labels(law).set(found[law])
        suspects = sorted({row["user_id"] for row in rows})[:SUSPECTS]
        if suspects and suspects != self._suspects:
            fields = {"laws": dict(found), "players": [str(user) for user in suspects[:20]]}
            log.error("the ledger breaks its laws", extra={"fields": fields})
        self._suspects = suspects

    async def watch(self) -> None:
        """Look every so often, for ever. A look that fails is counted and tried again."""
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.look()
            except Refusal:
                metrics.ledger_checks.labels("error").inc()
            except Exception as error:
                # Whatever it is, serving goes on; the alert about stale checks tells of it.
                log.error("the ledger could not be checked", exc_info=error)
                metrics.ledger_checks.labels("error").inc()
            else:
                metrics.ledger_checks.labels("success").inc()
