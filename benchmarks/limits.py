"""``python -m benchmarks.limits``: one inventory-service on one core, against what the database could do alone.

Each call is sent as fast as it is answered. Then pgbench runs the statement that the service sends for that call, on
the same data, prepared, with as many clients. Both take turns, and the medians are compared.

pgbench runs twice: where the service was (it has the service's core, the database has the other cores), and with the
whole machine for itself and the database. The second is the harder limit, and the one that is judged.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from benchmarks import generator, machine, pgbench, stacks
from benchmarks.errors import run_tool
from benchmarks.stats import table
from benchmarks.world import Player, World, numbered_user
from services.inventory import ledger

CLIENTS = 8
# What the service asks for several players at once, for one: as little as there can be to ask.
READ_TODAY = """
SELECT item_id, collection_id, quality_level_id, sum(quantity_change)::bigint AS quantity FROM inventory.operations
WHERE user_id = $1 AND section_id = $2 AND created_at >= $3 GROUP BY 1, 2, 3
"""
_READERS, _NEWCOMERS, _WRITERS = range(200), range(1000, 1200), range(2000, 3000)
_PLENTY = 10**9
_MICRO = 1_000_000
_SQL_USER = "('00000000-0000-4000-8000-' || lpad((:n)::text, 12, '0'))::uuid"
_SQL_OPERATION = "('00000000-0000-4000-9000-' || lpad((:o)::text, 12, '0'))::uuid"
_RESERVATIONS = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id)
SELECT ('00000000-0000-4000-8000-' || lpad((%(first)s + o %% %(users)s)::text, 12, '0'))::uuid, s.section,
       %(item)s::uuid, %(collection)s::uuid, %(quality)s::uuid, s.quantity, %(kind)s::uuid,
       ('00000000-0000-4000-9000-' || lpad(o::text, 12, '0'))::uuid
FROM generate_series(%(start)s, %(end)s - 1) AS o
CROSS JOIN (VALUES (%(main)s::uuid, -1), (%(factory)s::uuid, 1)) AS s (section, quantity)
"""


@dataclass(frozen=True)
class Call:
    """A call as the service gets it and as the database gets it. ``target`` is the wanted ratio of the two."""

    name: str
    target: float | None
    requests: Callable[[int], list[bytes]]
    script: str
    ends_reservations: bool = False


@dataclass
class Measured:
    """What each turn of a call gave: calls a second, and processor seconds a call by process."""

    call: Call
    service: list[float] = field(default_factory=list)
    in_its_place: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, limit: Sequence[float]) -> float:
        """Return the service's median rate over a limit's."""
        return statistics.median(self.service) / statistics.median(limit)

    def cost(self, process: str) -> float:
        """Return the median of a process's microseconds of processor time a call."""
        return statistics.median(self.seconds[process]) * _MICRO

    @property
    def is_met(self) -> bool:
        """Whether the target is met against the database that has the machine to itself."""
        return self.call.target is None or self.ratio(self.alone) >= self.call.target


class Bench:
    """The data, the calls, and the processes with the cores they may use."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self._folder = folder
        self._operations = count()
        self._next_operation = 0
        self.variant = world.variants(20)[0]
        self._line = self.variant.line(1)
        self.readers = [world.player(numbered_user(n)) for n in _READERS]
        self.newcomers = [world.player(numbered_user(n)) for n in _NEWCOMERS]
        self._fill()
        self._pin_service()

    def _fill(self) -> None:
        world = self.world
        twenty, one = world.variants(20), world.variants(1)
        readers, writers = [p.user_id for p in self.readers], [numbered_user(n) for n in _WRITERS]
        world.rows(readers, 100, twenty, days=10)
        world.rows([p.user_id for p in self.newcomers], 20, twenty)
        world.rows(writers, 1, one, _PLENTY, days=1)
        main = world.section("main")
        world.query("SELECT count(*) FROM unnest(%s::uuid[]) AS u, inventory.read_section(u, %s)", (writers, main))
        world.rows(readers, 5, twenty)
        # Each token is checked once and each closed day cached, as for a player who has been here today.
        for player in (*self.readers, *self.readers, *self.newcomers):
            world.inventory.exchange(world.read(player))
        world.query("VACUUM ANALYZE")

    def _pin_service(self) -> None:
        cores = sorted(os.sched_getaffinity(0))
        self.own, self.others = {cores[0]}, set(cores[1:]) or {cores[0]}
        self.all = set(cores)
        state = self.world.state
        _pin(state.inventory[0].pid, self.own)
        _pin(state.redis.pid, self.others)
        _pin(state.auth.pid, self.others)

    # The calls

    def calls(self) -> list[Call]:
        """Return all calls with their statements."""
        code, section = self.world.codes, self.world.section
        today = f"'{datetime.now(UTC).date().isoformat()} 00:00:00+00'::timestamptz"
        main, factory = _uuid(section("main")), _uuid(section("factory"))
        kind = {name: _uuid(code["operation_type", name]) for name in (
            "system_reward", "factory_reservation", "factory_return", "factory_consumption")}  # fmt: skip
        columns = [
            *(f"ARRAY[{_uuid(one)}]" for one in (
                self.variant.item_id, code["collection", self.variant.collection],
                code["quality_level", self.variant.quality_level])),
            "ARRAY[1]::bigint[]",
        ]  # fmt: skip
        new = "gen_random_uuid()"
        reader, newcomer, writer = (f"\\set n random({r[0]}, {r[-1]})\n" for r in (_READERS, _NEWCOMERS, _WRITERS))
        ended = (
            f"\\set i :i + 1\n\\set o :start + :client_id * :each + :i - 1\n"
            f"\\set n {_WRITERS[0]} + :o % {len(_WRITERS)}\n"
        )
        add = [_SQL_USER, main, kind["system_reward"], new, *columns, "NULL"]
        reserve = [_SQL_USER, main, factory, kind["factory_reservation"], new, *columns]
        end = [_SQL_USER, _SQL_OPERATION]
        return [
            Call("GET /inventory, 20 variants, day cached", 1 / 3, self._reads(self.readers),
                 reader + pgbench.filled(READ_TODAY, [_SQL_USER, main, today])),
            Call("GET /inventory, 20 variants, all of today", 1 / 3, self._reads(self.newcomers),
                 newcomer + pgbench.filled(ledger.READ_SECTION, [_SQL_USER, main])),
            Call("add-items", 0.4, self._adds, writer + pgbench.filled(ledger.ADD, add)),
            Call("reserve", 0.4, self._reserves, writer + pgbench.filled(ledger.RESERVE, reserve)),
            Call("return-reserve", None, self._ends("return"), ended + pgbench.filled(
                ledger.END, [*end, main, factory, kind["factory_reservation"], kind["factory_return"]]), True),
            Call("consume-reserve", None, self._ends("consume"), ended + pgbench.filled(
                ledger.END, [*end, "NULL", factory, kind["factory_reservation"], kind["factory_consumption"]]), True),
        ]  # fmt: skip

    def _reads(self, players: Sequence[Player]) -> Callable[[int], list[bytes]]:
        prepared = [self.world.read(player) for player in players]
        return lambda calls: [prepared[n % len(prepared)] for n in range(calls)]

    def _adds(self, calls: int) -> list[bytes]:
        return [self.world.add(user, [self._line]) for user in _writers(calls)]

    def _reserves(self, calls: int) -> list[bytes]:
        return [self.world.reserve(user, [self._line]) for user in _writers(calls)]

    def _ends(self, how: str) -> Callable[[int], list[bytes]]:
        def prepare(calls: int) -> list[bytes]:
            start = self.reserved(calls)
            return [
                self.world.end(how, numbered_user(_WRITERS[0] + o % len(_WRITERS)), numbered_operation(o))
                for o in range(start, start + calls)
            ]

        return prepare

    def reserved(self, calls: int) -> int:
        """Write active reservations and return the number of the first."""
        start, self._next_operation = self._next_operation, self._next_operation + calls
        code, section = self.world.codes, self.world.section
        with self.world.unchecked():
            self.world.query(_RESERVATIONS, {
                "first": _WRITERS[0], "users": len(_WRITERS), "start": start, "end": start + calls,
                "item": self.variant.item_id, "collection": code["collection", self.variant.collection],
                "quality": code["quality_level", self.variant.quality_level], "main": section("main"),
                "factory": section("factory"), "kind": code["operation_type", "factory_reservation"],
            })  # fmt: skip
        return start

    # The turns

    def turn(self, measured: Measured, calls: int, transactions: int) -> None:
        """Measure the service, then the database in both arrangements."""
        call = measured.call
        requests = call.requests(calls)
        self._pin_database(self.others)
        with self._metered(measured, calls), _on(self.others):
            driven = generator.drive(self.world.url, requests, CLIENTS)
        measured.service.append(driven.rate)
        measured.busy.append(driven.busy)
        measured.in_its_place.append(self._database(call, transactions, self.own))
        self._pin_database(self.all)
        measured.alone.append(self._database(call, transactions, self.all))

    def _database(self, call: Call, transactions: int, cores: set[int]) -> float:
        each = transactions // CLIENTS
        start = self.reserved(each * CLIENTS) if call.ends_reservations else 0
        variables = {"i": 0, "start": start, "each": each} if call.ends_reservations else {}
        return pgbench.run(self.world.state, call.script, self._folder, CLIENTS, each, variables, cores)

    def _pin_database(self, cores: set[int]) -> None:
        _pin(self.world.state.postgres.pid, cores)
        for child in psutil.Process(self.world.state.postgres.pid).children():
            _pin(child.pid, cores)

    @contextlib.contextmanager
    def _metered(self, measured: Measured, calls: int) -> Iterator[None]:
        """Note the processor time that the processes use within the block."""
        before = self._spent()
        yield
        for name, seconds in self._spent().items():
            measured.seconds.setdefault(name, []).append((seconds - before[name]) / calls)

    def _spent(self) -> dict[str, float]:
        state = self.world.state
        sql = "SELECT pid FROM pg_stat_activity WHERE application_name = 'inventory-service'"
        return {
            "service": _processor_seconds([state.inventory[0].pid]),
            "PostgreSQL": _processor_seconds([row[0] for row in self.world.query(sql)]),
            "Redis": _processor_seconds([state.redis.pid]),
        }


def _writers(calls: int) -> list[str]:
    return [numbered_user(_WRITERS[n % len(_WRITERS)]) for n in range(calls)]


def numbered_operation(number: int) -> str:
    """Return the operation id that a number stands for, so that SQL can make it too."""
    return str(UUID(f"00000000-0000-4000-9000-{number:012d}"))


def _uuid(text: str) -> str:
    return f"'{text}'::uuid"


def _pin(pid: int, cores: set[int]) -> None:
    """Let a process and all its threads use these cores only."""
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), cores)


@contextlib.contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _processor_seconds(pids: Sequence[int]) -> float:
    total = 0.0
    for pid in pids:
        # Finer than /proc/PID/stat, which counts in hundredths: nanoseconds on a processor.
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0]) / 1e9
    return total


def _row(one: Measured) -> tuple[str, ...]:
    costs = [one.cost(name) for name in ("service", "PostgreSQL", "Redis")]
    target = "" if one.call.target is None else f"{one.call.target:.2f}"
    return (
        one.call.name, f"{statistics.median(one.service):.0f}", f"{statistics.median(one.in_its_place):.0f}",
        f"{one.ratio(one.in_its_place):.2f}", f"{statistics.median(one.alone):.0f}", f"{one.ratio(one.alone):.2f}",
        target, *(f"{cost:.0f}" for cost in costs), f"{costs[1] / sum(costs):.0%}",
        f"{statistics.median(one.busy):.0%}", "" if one.is_met else "MISSED",
    )  # fmt: skip


_HEAD = (
    "call", "service/s", "pgbench/s", "ratio", "alone/s", "ratio", "target", "service us", "PG us", "Redis us",
    "PG share", "generator", "",
)  # fmt: skip


def _content(one: Measured) -> dict[str, Any]:
    return {
        "call": one.call.name, "target": one.call.target, "met": one.is_met,
        "service_per_second": one.service, "pgbench_in_its_place_per_second": one.in_its_place,
        "pgbench_alone_per_second": one.alone, "ratio": round(one.ratio(one.alone), 4),
        "ratio_in_its_place": round(one.ratio(one.in_its_place), 4), "generator_busy": one.busy,
        "processor_us": {name: round(one.cost(name), 1) for name in one.seconds},
    }  # fmt: skip


def main() -> int:
    """Print the table; return 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="turns of which the median counts (default 5)")
    parser.add_argument("--calls", type=int, default=4000, help="calls of the service a turn (default 4000)")
    parser.add_argument("--transactions", type=int, default=8000, help="of pgbench a turn (default 8000)")
    options = parser.parse_args()
    description = machine.report(clients=CLIENTS)
    with (
        stacks.workshop() as home,
        stacks.running(home) as stack,
        contextlib.closing(World(stack)) as world,
    ):
        bench = Bench(world, home)
        results = [Measured(call) for call in bench.calls()]
        for _ in range(options.repeats):
            for one in results:
                bench.turn(one, options.calls, options.transactions)
    print(f"{machine.headline(description['machine'])}; commit {description['commit']}")
    print(f"{CLIENTS} connections; medians of {options.repeats} turns; service on one core\n")
    print(table(_HEAD, [_row(one) for one in results]))
    print(f"\n{__doc__.rpartition('.')[0].split(chr(10) * 2)[-1]}." if __doc__ else "")
    print("us: microseconds of processor time a call. generator: share of its time that it was busy itself.")
    machine.write("bench-limits.json", {**description, "calls": [_content(one) for one in results]})
    return 0 if all(one.is_met for one in results) else 1


if __name__ == "__main__":
    sys.exit(run_tool(main))
