"""Many requests at one instant, each over a connection of its own."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from robot.api import logger
from robot.api.deco import keyword, library

from libraries import calls, database, evidence, inventory
from libraries.administration import adjust_call
from libraries.catalogue import catalogue
from libraries.client import Answer, headers_of, note, problem_with
from libraries.players import Player
from libraries.preparing import target
from libraries.session import client, need
from libraries.tables import table
from libraries.target import Instance

CallName = Literal["add items", "reserve", "return", "consume", "read"]
_PATIENCE = 60.0
_BUILDERS: dict[str, Any] = {
    "add items": inventory.add_items_call,
    "reserve": inventory.reserve_call,
    "return": inventory.return_call,
    "consume": inventory.consume_call,
}


class _Sender(threading.Thread):
    """Connects, waits for the others, sends one call. It logs nothing: Robot hears only its main thread."""

    def __init__(self, call: calls.Call, request_id: str, barrier: threading.Barrier, timeout: float) -> None:
        super().__init__(daemon=True)
        self._call, self._request_id, self._barrier, self._timeout = call, request_id, barrier, timeout
        self._payload, self._headers = call.payload, headers_of(call, request_id)
        self.answer: Answer | None = None

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self._call.url)
        host = str(parts.hostname)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, parts.port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(host, parts.port, timeout=self._timeout)

    def run(self) -> None:
        """Send when all are ready; whatever goes wrong becomes part of the answer."""
        started = time.monotonic()
        try:
            connection = self._connect()
            try:
                connection.connect()
            finally:
                # Whoever cannot connect must not keep the others waiting.
                self._barrier.wait(self._timeout)
            started = time.monotonic()
            path = self._call.url.split("/", 3)[3]
            connection.request(self._call.method, f"/{path}", self._payload, self._headers)
            response = connection.getresponse()
            content = response.read()
            received = {name.lower(): value for name, value in response.getheaders()}
            self.answer = Answer(
                self._call, self._request_id, response.status, content, received, started, time.monotonic()
            )
            connection.close()
        except (OSError, http.client.HTTPException, threading.BrokenBarrierError) as error:
            failure = f"{type(error).__name__}: {error}"
            self.answer = Answer(self._call, self._request_id, None, b"", {}, started, time.monotonic(), failure)


def send_all(
    prepared: Sequence[calls.Call], timeout: float, meanwhile: Callable[[], None] | None = None
) -> list[Answer]:
    """Send all calls at one instant and return their answers in the order of the calls.

    ``meanwhile`` is called while they are under way.
    """
    barrier = threading.Barrier(len(prepared))
    senders = [_Sender(call, evidence.current.next_request_id(), barrier, timeout) for call in prepared]
    for sender in senders:
        sender.start()
    if meanwhile is not None:
        meanwhile()
    for sender in senders:
        sender.join(timeout * 2)
    return [_answer_of(sender) for sender in senders]


def _answer_of(sender: _Sender) -> Answer:
    if sender.answer is not None:
        return sender.answer
    now = time.monotonic()
    return Answer(sender._call, sender._request_id, None, b"", {}, now, now, "no answer in time")


def most_at_once(intervals: Sequence[tuple[float, float]]) -> int:
    """Return how many of the (start, end) intervals lie over one another at the busiest instant."""
    # An end at the instant of a start is no overlap, so ends come first.
    edges = sorted([(start, 1) for start, _ in intervals] + [(end, -1) for _, end in intervals])
    running = most = 0
    for _, step in edges:
        running += step
        most = max(most, running)
    return most


def tally(answers: Sequence[Answer]) -> Counter[str]:
    """Count answers by status and error code."""
    return Counter(answer.outcome for answer in answers)


def counted(answers: Sequence[Answer], outcome: str) -> int:
    """Count the answers with a status (``200``) or an error code (``insufficient_items``)."""
    return sum(outcome in (str(answer.status), answer.error) for answer in answers)


def tally_in_words(answers: Sequence[Answer]) -> str:
    """Return the tally in words."""
    return ", ".join(f"{n} x {outcome}" for outcome, n in sorted(tally(answers).items()))


def _in_turns(groups: Sequence[list[calls.Call]]) -> list[calls.Call]:
    """Return the calls of several groups in turns, so that none of the groups is first."""
    longest = max(len(group) for group in groups)
    return [group[n] for n in range(longest) for group in groups if n < len(group)]


@library(scope="GLOBAL")
class ConcurrencyKeywords:
    """Sends calls together and judges their answers (contract, laws 2 to 5 and 7)."""

    @keyword
    def prepare_calls(
        self, times: int, call: CallName, player: Player, *arguments: str, operation_id: str | None = None,
        at: Instance | None = None,
    ) -> list[calls.Call]:  # fmt: skip
        """Return calls to send together: ``add items`` or ``reserve`` with items, ``return`` or ``consume`` with an
        operation id, or ``read``.

        Each has an operation id of its own unless one is given. Without ``at`` they are dealt out to all instances
        of the target in turn.
        """
        instances = [at] if at is not None else list(target().instances)
        return [self._build(call, player, arguments, operation_id, instances[n % len(instances)]) for n in range(times)]

    @staticmethod
    def _build(
        name: CallName, player: Player, arguments: tuple[str, ...], operation_id: str | None, at: Instance
    ) -> calls.Call:
        if name == "read":
            return calls.read_inventory(at, player.token, arguments[0] if arguments else "main")
        named = {"operation_id": operation_id} if operation_id else {}
        built: calls.Call = _BUILDERS[name](player, *arguments, at=at, **named)
        return built

    @keyword
    def prepare_ends(self, end: Literal["return", "consume"], reservations: list[calls.Call]) -> list[calls.Call]:
        """Return calls that end these prepared (and since sent) reservations, one each, dealt out to all instances."""
        build = calls.return_reserve if end == "return" else calls.consume_reserve
        instances = target().instances
        return [
            build(instances[n % len(instances)], call.token, str(call.user_id), str(call.operation_id))
            for n, call in enumerate(reservations)
        ]

    @keyword
    def prepare_adjustments(self, times: int, administrator: Player, player: Player, *changes: str) -> list[calls.Call]:
        """Return adjustments to send together, dealt out to all instances of the target in turn."""
        instances = target().instances
        return [adjust_call(administrator, player, *changes, at=instances[n % len(instances)]) for n in range(times)]

    @keyword
    def quantities_read_should_be_between(self, answers: list[Answer], item: str, least: int, most: int) -> None:
        """Fail when a read among the answers tells a quantity of an item outside of these bounds."""
        variant = catalogue().position(item).variant
        reads = [a for a in answers if a.status == 200 and a.call.route == "/inventory"]
        told = [inventory.positions_of(a.body["items"]).get(variant, 0) for a in reads]
        if not told or min(told) < least or max(told) > most:
            raise AssertionError(f"reads told {sorted(told)} {variant}, possible is {least} to {most}")

    @keyword
    def send_together(self, *groups: list[calls.Call]) -> list[Answer]:
        """Send all prepared calls at one instant, each over its own connection, and return the answers.

        Fails when a call got no answer at all, or a 5xx.
        """
        prepared = _in_turns(groups)
        return self._judged(send_all(prepared, max(_PATIENCE, client().timeout)))

    @keyword
    def send_together_before_any_row_is_written(self, *groups: list[calls.Call]) -> list[Answer]:
        """Like `Send Together`, but no row gets into the ledger before all calls are under way.

        So every call has looked at the balances before any other has changed them, unless something makes them wait
        for one another: a race that is lost for sure, not by chance. Only on disposable targets: for a moment,
        everybody's writes wait.
        """
        need("database", "disposable data")
        prepared = _in_turns(groups)
        with database.no_row_can_be_written() as release:
            answers = send_all(prepared, max(_PATIENCE, client().timeout), lambda: release(len(prepared)))
        return self._judged(answers)

    @staticmethod
    def _judged(answers: list[Answer]) -> list[Answer]:
        """Log the answers and return them; fail when one did not come or is a 5xx."""
        for answer in answers:
            note(answer)
        logger.info(f"{len(answers)} calls together: {tally_in_words(answers)}")
        first = min(answer.started for answer in answers)
        logger.info(table(("call", "answer", "sent after ms", "took ms", "request"), (
            (a.call, a.outcome, f"{(a.started - first) * 1000:.1f}", f"{a.milliseconds:.1f}", a.request_id)
            for a in sorted(answers, key=lambda a: a.started)
        )), html=True)  # fmt: skip
        broken = [a for a in answers if a.status is None or a.status >= 500]
        if broken:
            evidence.current.last = broken[0]
            raise AssertionError(f"{len(broken)} of {len(answers)} calls failed: {tally_in_words(answers)}")
        return answers

    @keyword
    def answers_should_be(self, answers: list[Answer], **counts: int) -> None:
        """Fail unless there are exactly so many answers of each status or error code, and no others.

        ``200=50    insufficient_items=150``
        """
        found = {outcome: counted(answers, outcome) for outcome in counts}
        if found != counts or sum(counts.values()) != len(answers):
            wanted = ", ".join(f"{n} x {outcome}" for outcome, n in counts.items())
            told = tally_in_words(answers)
            raise AssertionError(f"{len(answers)} calls together were answered {told}; expected {wanted}")
        self._shapes_should_be_right(answers)

    @staticmethod
    def _shapes_should_be_right(answers: list[Answer]) -> None:
        for answer in answers:
            problem = problem_with(answer, str(answer.status))
            if problem:
                raise AssertionError(f"{problem}\n{answer.details()}")

    @keyword
    def answers_should_name_the_same_rows(self, answers: list[Answer]) -> None:
        """Fail unless all 200 answers have the same ``operation_ids``: one was written, the others are repeats."""
        named = {tuple(a.body["operation_ids"]) for a in answers if a.status == 200}
        if len(named) != 1:
            raise AssertionError(f"{len(named)} different lists of operation_ids were answered for one operation_id")

    @keyword
    def requests_should_have_overlapped(self, answers: list[Answer], at_least: int = 2) -> int:
        """Fail unless so many requests were under way at one instant, by their recorded times. Returns how many."""
        most = most_at_once([(a.started, a.ended) for a in answers])
        if most < at_least:
            raise AssertionError(f"at most {most} requests were under way at once, {at_least} are needed for this test")
        logger.info(f"{most} of {len(answers)} requests were under way at once")
        return most
