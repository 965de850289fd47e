"""``python -m benchmarks.overload``: what callers see of a service that has too much to do, or bad company.

First paced calls beside strangers who are slow, endless, silent or send garbage. Then callers who never pause: few,
many, very many, and at last ten times as many calls as the service can answer. One instance, everything on one machine,
the generator too: what it takes is missing to the service.
"""

from __future__ import annotations

import argparse
import contextlib
import selectors
import statistics
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import psutil

from benchmarks import machine, stacks, strangers
from benchmarks.errors import BenchError, run_tool
from benchmarks.stats import table
from benchmarks.wire import Wire, answer_length, request
from benchmarks.world import World, numbered_user
from load.records import percentile

READERS = 200
# Ten times what is answered comes on this many connections, below the service's limit of 2,000.
MOST_CONNECTIONS = 1800
FEW = 16
CROWDS = (FEW, 400, 1000)
TIMES = 10
PROBE_SECONDS = 0.05
PACE = 100
# The longest that a 99th percentile may be: under load, and beside strangers; and until all is as before.
ACCEPTED_SECONDS, COMPANY_SECONDS, NORMAL_SECONDS = 2.0, 0.05, 5.0
_WARM_UP_CALLS = 11
# So long has to be as usual what is called normal.
_NORMAL_FOR = 1.0
_PATIENCE = 60.0
_MIB = 2**20


@dataclass
class Seen:
    """What the callers of one load saw: seconds of what was answered, of refusals and of probes; all else by status."""

    load: str
    seconds: float = 0.0
    answered: list[float] = field(default_factory=list)
    shed: list[float] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)
    otherwise: dict[str, int] = field(default_factory=dict)
    unready: int = 0
    unsent: int = 0
    memory: float = 0.0
    until_normal: float = 0.0

    def note(self, status: str, seconds: float) -> None:
        """Note a call's answer."""
        if status == "200":
            self.answered.append(seconds)
        elif status == "503":
            self.shed.append(seconds)
        else:
            self.otherwise[status] = self.otherwise.get(status, 0) + 1


class _Connection:
    """One connection with at most one request under way, and when that was due."""

    def __init__(self, url: str) -> None:
        self.wire = Wire(url)
        self.wire.socket.setblocking(False)
        self.due = 0.0
        self._received = b""

    def send(self, prepared: bytes, due: float) -> None:
        self.due = due
        self.wire.socket.send(prepared)

    def status(self) -> str | None:
        """Return the answer's status once it is whole; ``closed`` when there will be none."""
        try:
            more = self.wire.socket.recv(1 << 18)
        except OSError:
            more = b""
        if not more:
            return "closed"
        self._received += more
        length = answer_length(self._received)
        if length is None or len(self._received) < length:
            return None
        status, self._received = self._received[9:12].decode(), b""
        return status


class Crowd:
    """Many connections that send for some seconds, driven by one thread; a probe asks for readiness all the while."""

    def __init__(self, url: str, requests: Sequence[bytes], connections: int) -> None:
        self._url, self._requests = url, requests
        self._selector = selectors.DefaultSelector()
        self._all = [self._open() for _ in range(connections)]
        self._probe = self._open()
        self._next = 0

    def _open(self) -> _Connection:
        made = _Connection(self._url)
        self._selector.register(made.wire.socket, selectors.EVENT_READ, made)
        return made

    def close(self) -> None:
        """Close all connections."""
        self._selector.close()
        for one in (*self._all, self._probe):
            one.wire.close()

    def run(self, seen: Seen, seconds: float, rate: float | None = None) -> None:
        """Send for so many seconds: each connection its next call after each answer, or all together at a rate.

        At a rate a call's time counts from when it was due. What finds no free connection is not sent, and counted.
        """
        started = now = time.perf_counter()
        end, probe_due, due = started + seconds, started, started
        free = deque(self._all)
        is_probing = False
        while now < end:
            if not is_probing and now >= probe_due:
                self._probe.send(request("GET", "/health/ready"), now)
                is_probing = True
            while free and (rate is None or due <= now):
                self._send(free.popleft(), now if rate is None else due)
                due += 1 / rate if rate else 0
            if rate is not None and due <= now:
                missed = 1 + int((now - due) * rate)
                seen.unsent += missed
                due += missed / rate
            for key, _ in self._selector.select(0.001 if rate else PROBE_SECONDS):
                one: _Connection = key.data
                status = one.status()
                if status is None:
                    continue
                now = time.perf_counter()
                if one is self._probe:
                    is_probing, probe_due = False, one.due + PROBE_SECONDS
                    seen.probes.append(now - one.due)
                    seen.unready += status != "200"
                else:
                    seen.note(status, now - one.due)
                if status == "closed":
                    one = self._instead_of(one)
                if one is not self._probe:
                    free.append(one)
            now = time.perf_counter()
        seen.seconds = now - started

    def _send(self, one: _Connection, due: float) -> None:
        one.send(self._requests[self._next % len(self._requests)], due)
        self._next += 1

    def _instead_of(self, one: _Connection) -> _Connection:
        self._selector.unregister(one.wire.socket)
        one.wire.close()
        made = self._open()
        if one is self._probe:
            self._probe = made
        else:
            self._all[self._all.index(one)] = made
        return made


class Bench:
    """The players, and the instance that is asked."""

    def __init__(self, world: World) -> None:
        self.world = world
        players = [world.player(numbered_user(n)) for n in range(READERS)]
        world.rows([one.user_id for one in players], 100, world.variants(20), days=10)
        self.requests = [world.read(one) for one in players]
        for one in self.requests:
            world.inventory.exchange(one)
        self._process = psutil.Process(world.state.inventory[0].pid)
        self.usual = statistics.median(self._one_call() for _ in range(_WARM_UP_CALLS))

    def _one_call(self) -> float:
        before = time.perf_counter()
        self.world.inventory.exchange(self.requests[0])
        return time.perf_counter() - before

    def memory(self) -> float:
        """Return the instance's memory in MiB."""
        return float(self._process.memory_info().rss) / _MIB

    def load(
        self, name: str, connections: int, seconds: float, rate: float | None = None, stranger: str | None = None
    ) -> Seen:  # fmt: skip
        """Put a load on the instance, beside a stranger where one is named, then wait until it is as before.

        Raises BenchError.
        """
        seen = Seen(name)
        with (
            strangers.at_work(stranger, self.world.url),
            contextlib.closing(Crowd(self.world.url, self.requests, connections)) as crowd,
        ):
            crowd.run(seen, seconds, rate)
        seen.until_normal = self._until_normal()
        seen.memory = self.memory()
        return seen

    def _until_normal(self) -> float:
        """Return after how many seconds a second began in which all calls were answered as fast as usual."""
        ended = began = time.perf_counter()
        line = Wire(self.world.url)
        try:
            while time.perf_counter() - began < _NORMAL_FOR:
                if time.perf_counter() - ended > _PATIENCE:
                    raise BenchError(f"the service was not as before {_PATIENCE:g} s after the load had ended")
                before = time.perf_counter()
                try:
                    line.exchange(self.requests[0])
                except (BenchError, OSError):
                    line.close()
                    line = Wire(self.world.url)
                    began = time.perf_counter()
                    continue
                if time.perf_counter() - before > 3 * self.usual + 0.01:
                    began = time.perf_counter()
        finally:
            line.close()
        return began - ended


_HEAD = ("", "answered/s", "p50 ms", "p99 ms", "shed/s", "p99 ms", "otherwise", "not sent/s", "ready p99 ms",
         "not ready", "MiB after", "normal after s", "")  # fmt: skip


def _row(seen: Seen, most: float) -> tuple[str, ...]:
    return (
        seen.load, f"{len(seen.answered) / seen.seconds:.0f}", _ms(seen.answered, 0.5), _ms(seen.answered, 0.99),
        f"{len(seen.shed) / seen.seconds:.0f}", _ms(seen.shed, 0.99),
        ", ".join(f"{count} {status}" for status, count in seen.otherwise.items()) or "-",
        f"{seen.unsent / seen.seconds:.0f}", _ms(seen.probes, 0.99), f"{seen.unready} of {len(seen.probes)}",
        f"{seen.memory:.0f}", f"{seen.until_normal:.2f}", "" if _is_met(seen, most) else "MISSED",
    )  # fmt: skip


def _ms(seconds: Sequence[float], share: float) -> str:
    return f"{percentile(seconds, share) * 1000:.1f}" if seconds else "-"


def _is_met(seen: Seen, most: float) -> bool:
    return (
        bool(seen.answered) and not seen.otherwise and percentile(seen.answered, 0.99) < most and not seen.unready
        and seen.until_normal < NORMAL_SECONDS
    )  # fmt: skip


def main() -> int:
    """Print both tables; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each load lasts (default 10)")
    options = parser.parse_args()
    description = machine.report()
    with stacks.workshop() as home, stacks.running(home) as stack, contextlib.closing(World(stack)) as world:
        bench = Bench(world)
        bench.load("warm-up", FEW, options.seconds / 2)
        before = bench.memory()
        company = [
            bench.load(kind or "nobody", FEW, options.seconds, PACE, kind) for kind in (None, *strangers.KINDS)
        ]  # fmt: skip
        crowds = [bench.load(f"{count} connections", count, options.seconds) for count in CROWDS]
        rate = TIMES * len(crowds[0].answered) / crowds[0].seconds
        crowds.append(bench.load(f"{rate:.0f} calls a second", MOST_CONNECTIONS, options.seconds, rate))
    print(f"{machine.headline(description['machine'])}; commit {description['commit']}")
    print(f"one instance, {options.seconds:g} s each; {before:.0f} MiB before\n")
    print(table(_HEAD, [_row(one, ACCEPTED_SECONDS) for one in crowds]))
    print(f"\n{PACE} calls a second, beside strangers:\n")
    print(table(_HEAD, [_row(one, COMPANY_SECONDS) for one in company]))
    machine.write("bench-overload.json", {
        **description, "memory_before_mib": before, "loads": [asdict(one) for one in crowds],
        "company": [asdict(one) for one in company],
    })  # fmt: skip
    met = [_is_met(one, ACCEPTED_SECONDS) for one in crowds] + [_is_met(one, COMPANY_SECONDS) for one in company]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(run_tool(main))
