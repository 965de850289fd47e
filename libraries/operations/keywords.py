"""Keywords about metrics, logs and Redis, parts that are taken away, and services of a suite's own."""

from __future__ import annotations

import atexit
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from robot.api import SkipExecution, logger
from robot.api.deco import keyword, library

from libraries.calls import together
from libraries.calls.keywords import CallKeywords
from libraries.target.logs import log_lines, run_command
from libraries.target.preparing import need, note_no_recovery, probe, target
from libraries.target.redis import redis
from libraries.target.settings import Instance, TargetError, lacks
from libraries.tokens.token import Player
from reporting import lines
from reporting.answers import Answer, Call
from reporting.console import under_pabot
from reporting.redaction import blanked, leaks

_PATIENCE = 5.0
_SHORTEST_SECRET = 8
_NO_SECRETS = {"service_name", "signing_key_file"}
# As long as a service takes that is slow to start: none is promised a time.
_COMMAND_SECONDS = 180.0
# Of each key in one step, because there may be many.
_TIMES_TO_LIVE = (
    "local t = {}; for n, k in ipairs(redis.call('KEYS', ARGV[1])) do t[n] = redis.call('TTL', k) end return t"
)
_KEPT = """
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
    if not string.find(key, '^inventory:%x+-%x+-') then
        local left = redis.call('TTL', key)
        if ARGV[1] ~= '0' and left > tonumber(ARGV[1]) then redis.call('EXPIRE', key, ARGV[1]) end
        found[#found + 1] = {key, redis.call('DUMP', key), redis.call('TTL', key)}
    end
end
return found"""
_A_LIST = "redis.call('DEL', KEYS[1]); redis.call('RPUSH', KEYS[1], ARGV[1]); redis.call('EXPIRE', KEYS[1], 600)"
_END_OF_A_MINUTE = """
for _, key in ipairs(redis.call('KEYS', '*')) do
    local left = redis.call('PTTL', key)
    if left > 0 and left <= 60000 then redis.call('DEL', key) end
end"""
_ENDING_OF_A_HISTOGRAM = re.compile(r"_(bucket|sum|count|created)$")
# A version may have four parts as well.
_ADDRESS = re.compile(
    r'(?<!version":")(?<!version": ")\b\d+\.\d+\.\d+\.\d+\b|localhost|[A-Za-z][\w.-]*:\d{4,5}\b|Traceback'
)


@library(scope="GLOBAL", listener="SELF")
class OperationsKeywords:
    """What the services tell and keep, and what they do while a part is away (contract, section 6).

    Services of a suite's own are started only beside the embedded stack; tests of other targets are skipped.
    """

    def __init__(self) -> None:
        self._services: Any = None
        self._midnight: Any = None
        self._stopped: list[str] = []

    # -- parts of the target that are taken away -------------------------------------------------------------------

    @keyword
    def stop_part(self, part: Literal["redis", "database", "auth", "instance"]) -> None:
        """Take a part of the target away by its own command (6.1, 3.8). The end of the test gives it back.

        ``instance`` is the last of the target's. Skips the test when the target names no commands for the part, and
        under Pabot, whose other processes would meet the outage.
        """
        need(f"{part} outage")
        if under_pabot():
            raise SkipExecution(f"{part} is taken away only when no other process of the run is asking: run robot")
        self._stopped.append(part)
        # A run that is ended in the middle of a test gives it back too.
        atexit.register(self.start_stopped_parts)
        run_command(f"TARGET_STOP_{part.upper()}", getattr(target(), f"stop_{part}"), _COMMAND_SECONDS)

    @keyword
    def start_the_part_stopped_last(self) -> None:
        """Give back one of several parts that were taken away; the others stay away (6.1)."""
        self._start(self._stopped[-1])
        self._stopped.pop()

    @keyword
    def start_stopped_parts(self) -> None:
        """Give back what was taken away, and wait until the target answers. Nothing stopped is fine."""
        is_stopped = bool(self._stopped)
        while self._stopped:
            self._start(self._stopped.pop())
        if is_stopped:
            probe(target(), _COMMAND_SECONDS)

    @keyword
    def target_has_not_recovered(self, reason: str) -> None:
        """Fail for this reason, and take nothing away any more: later tests of outages are skipped (6.1)."""
        note_no_recovery(reason)
        raise AssertionError(f"The target is not well though all is there again: {reason}")

    @staticmethod
    def _start(part: str) -> None:
        run_command(f"TARGET_START_{part.upper()}", getattr(target(), f"start_{part}"), _COMMAND_SECONDS)

    def end_test(self, _data: Any, result: Any) -> None:
        """Give back what the test took away; a part that does not come back fails it."""
        try:
            self.start_stopped_parts()
        except (AssertionError, TargetError) as error:
            result.status, result.message = "FAIL", f"{result.message}\n{error}".strip()

    # -- health and metrics ----------------------------------------------------------------------------------------

    @keyword
    def answer_should_tell_no_secrets(self, answer: Answer) -> None:
        """Fail when an answer holds an address, a stack trace, or the database's host or password (6.1)."""
        found = [match.group() for match in _ADDRESS.finditer(answer.text)]
        secrets = [target().database_host or "", *target().secrets()]
        found += [secret for secret in secrets if len(secret) > 8 and secret in answer.text]
        if found:
            raise AssertionError(
                f"{answer.call} tells {len(found)} things that are nobody's business: {answer.shown} (6.1)"
            )

    @keyword
    def metrics_should_have(self, answer: Answer, *names: str) -> None:
        """Fail unless a page of metrics has these, named without the target's prefix (6.2)."""
        told = {name for name, _, _ in lines.samples(answer.text)}
        known = told | {_ENDING_OF_A_HISTOGRAM.sub("", name) for name in told}
        missing = [one for name in names if (one := target().metric_prefix + name) not in known]
        if missing:
            raise AssertionError(f"the metrics lack {', '.join(missing)} (6.2)")

    @keyword
    def sum_of_samples(self, answer: Answer, name: str, **labels: str) -> float:
        """Return the sum of a metric's samples with these labels (0 when there are none), prefix left out (6.2).

        NaN, as of a ratio of nothing yet, counts as none.
        """
        found = lines.samples(answer.text, target().metric_prefix + name)
        return sum(value for _, having, value in found if labels.items() <= having.items() and value == value)

    @keyword
    def labels_of(self, answer: Answer, name: str | None = None) -> dict[str, list[str]]:
        """Return the labels of a metric, its prefix left out, or of all metrics, each with its values (6.2)."""
        found: dict[str, set[str]] = defaultdict(set)
        for _, labels, _ in lines.samples(answer.text, "" if name is None else target().metric_prefix + name):
            for label, value in labels.items():
                found[label].add(value)
        return {label: sorted(values) for label, values in found.items()}

    @keyword
    def histogram_should_add_up(self, answer: Answer, name: str) -> None:
        """Fail unless the buckets of a histogram, its prefix left out, add up, each to its count in the end (6.2)."""
        metric = target().metric_prefix + name
        buckets: defaultdict[frozenset[tuple[str, str]], list[tuple[float, float]]] = defaultdict(list)
        for _, labels, value in lines.samples(answer.text, f"{metric}_bucket"):
            buckets[frozenset(labels.items() - {("le", labels["le"])})].append((float(labels["le"]), value))
        counted = lines.samples(answer.text, f"{metric}_count")
        counts = {frozenset(labels.items()): value for _, labels, value in counted}
        for of, unsorted in buckets.items():
            values = [value for _, value in sorted(unsorted)]
            if values != sorted(values) or max(unsorted)[0] != float("inf") or values[-1] != counts.get(of):
                raise AssertionError(
                    f"{name} of {dict(of)} counts {counts.get(of)}, its buckets hold {sorted(unsorted)}: each holds "
                    "what those below it hold, and the one up to +Inf holds all (6.2)"
                )

    # -- Redis ---------------------------------------------------------------------------------------------------

    @keyword
    def ask_redis(self, *command: Any, database: int = 0) -> Any:
        """Return what Redis replies to a command, in text: numbers, lists, None for what is not there (2.11, 5.3)."""
        need("redis")
        with redis(database) as ask:
            found = ask(*command)
        if isinstance(found, list):
            return [one.decode() for one in found]
        return found.decode() if isinstance(found, bytes) else found

    @keyword
    def empty_the_cache(self) -> None:
        """Let Redis lose all that is cached (5.3). Skips the test where others may look at what they have cached: under
        Pabot, and beside the embedded stack, where suites empty a cache of their own.
        """
        need("redis", "disposable data")
        if under_pabot() or target().stack:
            raise SkipExecution("the cache is emptied only where no other process is asking: run robot, elsewhere")
        self.ask_redis("FLUSHDB", database=1)

    @keyword
    def times_to_live(self, pattern: str, database: int = 0) -> list[int]:
        """Return for how many seconds Redis keeps each key of a pattern, -1 for ever: each number once (5.3)."""
        need("redis")
        with redis(database) as ask:
            found = ask("EVAL", _TIMES_TO_LIVE, 0, pattern)
        return sorted(set(map(int, found)))

    @keyword
    def catalogues_that_redis_keeps(self, at_most: int | None = None) -> dict[str, tuple[str, int]]:
        """Return what Redis caches beside balances: of each key the value and for how many seconds it is kept (5.3).

        ``at_most`` so many seconds each is kept from now on.
        """
        need("redis", "disposable data")
        with redis(1) as ask:
            found = ask("EVAL", _KEPT, 0, at_most or 0)
        return {key.decode(): (value.hex(), left) for key, value, left in found}

    @keyword
    def let_a_minute_pass(self) -> None:
        """End now what Redis would keep for at most another minute, as a minute from now it will have (2.9)."""
        need("redis", "disposable data")
        with redis(0) as ask:
            ask("EVAL", _END_OF_A_MINUTE, 0)

    @keyword
    def damage_what_is_cached_of(
        self, player: Player, how: Literal["cut", "emptied", "one bit", "noise", "another's", "a list"],
        other: Player | None = None,
    ) -> None:  # fmt: skip
        """Damage every balance that is cached of a player: keys that begin ``inventory:{user_id}:`` (5.3).

        Skips the test when there is none: what is not cached proves nothing.
        """
        need("redis")
        with redis(1) as ask:
            keys, others = (sorted(ask("KEYS", f"inventory:{one.user_id}:*")) for one in (player, other or player))
            _damage(ask, keys, how, 600, others)

    @keyword
    def damage_what_is_cached_beside_balances(self, how: Literal["cut", "emptied", "noise"]) -> None:
        """Damage each text that Redis caches beside balances, for a minute: the catalogue, in whatever form (5.3).

        Skips the test when there is none.
        """
        need("redis", "disposable data")
        with redis(1) as ask:
            keys = [key for key, _, _ in ask("EVAL", _KEPT, 0, 0)]
            _damage(ask, keys, how, 60, keys)

    @keyword
    def fill_redis(self, count: int) -> None:
        """Keep so many more keys in Redis for five minutes, of cached balances that are nobody's (5.3)."""
        need("redis", "disposable data")
        with redis(1) as ask:
            ask("EVAL", "for n = 1, ARGV[2] do redis.call('SET', ARGV[1] .. n, '1', 'EX', 300) end", 0,
                f"inventory:{uuid4()}:filler:", count)  # fmt: skip

    # -- logs ------------------------------------------------------------------------------------------------------

    @keyword
    def log_lines_should_have_the_promised_fields(self) -> None:
        """Fail unless every line of every service is a JSON object with the fields that 6.4 names."""
        seen = 0
        for file, line in log_lines(of_services_only=True):
            seen += 1
            wrong = lines.faults_of(lines.content_of(file, line))
            if wrong:
                raise AssertionError(f"a line of {file}: {'; '.join(wrong)}: {blanked(line, {})} (6.4)")
        if not seen:
            raise AssertionError("the services have written no line at all (6.4)")

    @keyword
    def log_lines_of(self, request_id: str, count: int = 1) -> list[dict[str, Any]]:
        """Return the log lines that tell of a request's path, when there are so many; wait up to 5 s for them (6.4)."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            told = [lines.content_of(file, line) for file, line in log_lines(request_id)]
            found = [one for one in told if one.get("request_id") == request_id and "path" in one]
            if len(found) >= count:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"request {request_id} has {len(found)} lines in the logs, expected {count} (6.4)")
            time.sleep(0.02)

    @keyword
    def last_structured_lines(self, text: str) -> dict[str, str]:
        """Return the last line with this text that is JSON or name=value, of each file of the logs (6.4)."""
        return {file: line for file, line in log_lines(text) if lines.is_structured(line)}

    @keyword
    def logs_should_hold_no_secrets(self, *sent: Any) -> None:
        """Fail when a line holds a secret of the deployment, anything like a token, or a part of what was sent (6.4).

        ``sent`` are tokens and texts that were shown to the services before.
        """
        parts = [part for one in sent for part in str(getattr(one, "value", one)).split(".")[-1:]]
        forbidden = _secrets_of_the_target() | {f"secret {n} of those sent": p for n, p in enumerate(parts, 1) if p}
        for file, line in log_lines(of_services_only=True):
            found = leaks(line, forbidden)
            if found:
                raise AssertionError(f"a line of {file} holds {', '.join(found)}: {blanked(line, forbidden)} (6.4)")

    # -- services of a suite's own ---------------------------------------------------------------------------------

    def _beside(self) -> Any:
        need("services of its own")
        if self._services is None:
            from stack.suites import Beside

            self._services = Beside(target().stack)
            atexit.register(self._services.close)
        return self._services

    @keyword
    def second_instance(self) -> Instance:
        """Return another instance beside the first: the target's own, or one that is started for it (laws 6 and 7)."""
        need("second instance")
        return target().instances[1] if len(target().instances) > 1 else _instance_of(self._beside().second())

    @keyword
    def another_instance_or_the_same(self) -> Instance:
        """Return another instance beside the first; the first where the target has no other (laws 6 and 7)."""
        return target().instances[0] if lacks(target(), "second instance") else self.second_instance()

    @keyword
    def start_services_of_its_own(self, own_redis: bool = False, **settings: str) -> Any:
        """Start an auth-service with keys of its own, and an inventory-service that trusts it (3.9).

        With a Redis of their own if so wished, and settings (6.7) beside those of the target. Returns what holds them:
        ``auth``, ``strict_auth``, ``instance``, and their ways to ``redis`` and ``database``.
        """
        need("services of its own")
        own = self._beside().services(settings, own_redis=own_redis)
        own.instance = _instance_of(own.inventory)
        return own

    @keyword
    def start_an_instance(self, **settings: str | None) -> Instance:
        """Start one more inventory-service on the target's data, with settings of its own; None takes one away (6.7).

        The end of the suite's own services is its end too.
        """
        need("services of its own")
        return _instance_of(self._beside().instance(settings))

    @keyword
    def create_database_user(self, *settings: str, full_disk: bool = False) -> str:
        """Make a role that may do what the services' may, with settings of its own (``a = 'b'``); return its name.

        For ``DB_USER`` of services of the suite's own; their end is its end too. With a ``full_disk`` there is no room
        in the ledger for what it writes (6.1).
        """
        need("services of its own", "services' database users")
        return str(self._beside().role(settings, full_disk=full_disk))

    @keyword
    def end_connections_of(self, role: str) -> None:
        """End the database connections of such a role, as an administrator of the database would."""
        self._beside().end_connections_of(role)

    @keyword
    def start_a_stack_before_midnight(self) -> Any:
        """Start a stack beside that of the run, by whose clock a day is about to end; return it (5.1).

        It has ``auth``, ``instance`` and ``secrets``. Skips the test where no clock can be put forward.
        """
        need("services of its own")
        from stack.errors import StackError
        from stack.midnight import MidnightStack

        try:
            self._midnight = MidnightStack(target().stack)
        except StackError as error:
            raise SkipExecution(str(error)) from None
        atexit.register(self._midnight.stop)
        self._midnight.instance = _instance_of(self._midnight.inventory)
        return self._midnight

    @keyword
    def send_over_midnight(self, writes: list[Call], reads: list[Call]) -> list[Answer]:
        """Send writes just before midnight, which get no row into the ledger until it has passed, and reads meanwhile.

        Returns the answers of the writes; fails when a call is answered 5xx. Skips when midnight has passed already
        (5.1).
        """
        read: list[Answer] = []

        def others(then: Any) -> None:
            read.extend(together.send_all(reads, then))

        written = self._midnight.pass_with(lambda meanwhile: together.send_all(writes, meanwhile), others)
        if not written:
            raise SkipExecution("this machine is too slow: midnight passed before all was prepared")
        CallKeywords.judged(read)
        return CallKeywords.judged(list(written))

    @keyword
    def stop_services_of_its_own(self) -> None:
        """Stop what the suite started for itself. For suite teardowns; nothing running is fine."""
        for one in (self._services, self._midnight):
            if one is not None:
                one.stop()


def _instance_of(info: Any) -> Instance:
    from libraries.target.embedded import instance_of

    return instance_of(target().shape, info)


def _damage(ask: Callable[..., Any], keys: list[bytes], how: str, seconds: int, others: list[bytes]) -> None:
    """Damage the texts under these keys. Skips the test where there are none, which would prove nothing (1.1)."""
    # What is kept in another way is left as it is.
    texts = [(key, another) for key, another in zip(keys, others, strict=False) if ask("TYPE", key) == b"string"]
    for key, another in texts:
        value = ask("GET", key)
        damaged = {
            "cut": value[: len(value) // 2], "emptied": b"", "one bit": value[:-1] + bytes([value[-1] ^ 1]),
            "noise": secrets.token_bytes(len(value)), "another's": ask("GET", another),
        }  # fmt: skip
        # Each ends by itself, and never stands without an end: other tests ask for how long keys live.
        if how == "a list":
            ask("EVAL", _A_LIST, 1, key, value)
        else:
            ask("SET", key, damaged[how], "EX", seconds)
    if not texts:
        raise SkipExecution("nothing of it is cached as a text here, which could be damaged")
    logger.info(f"Damaged {len(texts)} entries")


def _secrets_of_the_target() -> dict[str, str]:
    """Return what no log may hold, by what it is."""
    found = {f"secret {n} of the settings": value for n, value in enumerate(target().secrets(), 1)}
    stack = target().stack
    if stack is not None:
        own = stack.load_secrets()
        found |= {field.name: str(getattr(own, field.name)) for field in fields(own) if field.name not in _NO_SECRETS}
    key_file = target().signing_key_file
    if key_file is not None:
        key = Path(key_file).read_text(encoding="utf-8").splitlines()
        found |= {f"line {n} of the signing key": text for n, text in enumerate(key) if text and "-----" not in text}
    return {name: value for name, value in found.items() if len(value) >= _SHORTEST_SECRET}
