"""A statement that PostgreSQL did not answer is not counted."""

import sys
from typing import Any

import asyncpg

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory import metrics

RULE = "6.2 S: inventory_database_queries_total{operation,status}"


def patch() -> None:
    """Count answers alone."""

    def of_answers(observe: Any) -> Any:
        def observe_answer(operation: str, seconds: float, ok: bool) -> None:
            refusal = sys.exception()
            if ok or not isinstance(refusal, Refusal) or isinstance(refusal.__cause__, asyncpg.PostgresError):
                observe(operation, seconds, ok)

        return observe_answer

    replace(metrics, "observe_database", of_answers)
