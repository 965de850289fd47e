"""A history of five thousand calls of sixteen workers is decided in seconds, good or bad."""

from __future__ import annotations

import random
import time

from history.judge import judge
from tests.history.ledger import Answer, Ask, Ledger, mixed, records_of, run

# Of the processor: one second where nobody else wants it.
_BUDGET_SECONDS = 30.0


def test_five_thousand_calls_of_sixteen_workers_take_seconds() -> None:
    chance = random.Random(1)
    records = records_of(run(mixed(5000, chance), 16, chance))
    started = time.process_time()
    (found,) = judge(records, hardening=True)
    assert found.verdict == "serial"
    assert found.calls == 5000
    assert time.process_time() - started < _BUDGET_SECONDS


def test_one_lost_update_among_many_calls_is_found() -> None:
    chance = random.Random(2)
    lost: list[Ask] = []

    def lose(ledger: Ledger, ask: Ask, answer: Answer) -> Answer:
        if ask.kind == "add" and answer[0] == 200 and not lost and len(ledger.written) > 200:
            lost.append(ask)
            for item, quantity in ask.lines:
                ledger.balances[ask.section, item] -= quantity
        return answer

    calls = run(mixed(1500, chance), 16, chance, spoil=lose)
    (found,) = judge(records_of(calls), hardening=True)
    assert lost
    assert found.verdict == "not serial"
    assert found.seen_after < len(calls)
