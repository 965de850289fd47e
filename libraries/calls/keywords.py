"""Keywords that send calls, collect them instead, send many at one instant or bytes, and look at the answers."""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from robot.api import logger
from robot.api.deco import keyword, library
from robot.errors import ExecutionPassed
from robot.libraries.BuiltIn import BuiltIn, register_run_keyword

from history.judge import Judgement, in_short, judge, problem_of
from history.mix import in_random_order
from libraries.calls import evidence, together, wire
from libraries.calls.sending import as_expected, client, noted
from libraries.target.preparing import need, target
from libraries.target.settings import Instance
from libraries.tokens.forging import change, sign_claims
from libraries.tokens.keywords import TokenKeywords, keys_by
from libraries.tokens.token import Player, Token, claims_for, token_of
from reporting.answers import Answer, Call, problem_with
from reporting.console import announce
from reporting.forms import differences, is_uuid
from reporting.pictures import table, timeline
from reporting.promises import Promises

_PARTS: dict[str, tuple[str, ...]] = {
    "public": (), "internal": ("internal calls",), "admin": ("admin calls",), "auth": ("auth service",),
    "auth internal": ("auth health",), "health": ("health",), "metrics": ("metrics",),
}  # fmt: skip


class Collected(ExecutionPassed):  # type: ignore[misc]  # Robot Framework tells no types
    """Ends a keyword whose call was collected instead of sent."""


@library(scope="GLOBAL")
class CallKeywords:
    """Sends calls, alone or many at one instant, and looks at the answers.

    A keyword that ends in `Send` is all that a new call needs: it can then be raced (`Prepare`), its expected refusals
    are named where it is used (``expect=400 insufficient_items``), and its request, answer and log lines are evidence.

    Who calls (``by``) is a player, a token, ``${NONE}``, or a name like ``SERVICE``: the keyword that this library is
    imported with under that name then gets a token once a process. ``description`` is where a listener describes its
    calls: what it answers is held against that (6.6), and against ``promises``, as `reporting.promises` has them.
    """

    def __init__(self, description: str | None = None, promises: Sequence[str] = (), **callers: str) -> None:
        evidence.path_of_description = description or None
        evidence.promises = Promises(promises)
        self._makers = callers
        self._callers: dict[str, tuple[Token | None, float]] = {}
        self._collected: list[tuple[Call, str | None]] | None = None
        self._logs_everybody_in = self._has_tried_a_token = False

    # -- one call --------------------------------------------------------------------------------------------------

    @keyword
    def send(
        self, method: str, path: str, body: Any = None, *, to: Any = "public", by: Any = None, at: Any = None,
        expect: Any = "200", query: Any = None, headers: Any = None, raw: Any = None, writes: Any = None,
        quantity: Any = "quantity", but: Any = None, **members: Any,
    ) -> Answer:  # fmt: skip
        """Send a call and return the answer; any other status or code than the expected one fails.

        ``to`` is the listener: its address in the variable file stands before the path; an address of one's own is
        taken as it is. ``at`` is the instance, the first unless told otherwise. Members of the body stand with a dot
        before their names: ``.user_id=${player.user_id}``, see `Body`. ``but`` is a member (``items.0.quantity``) and
        what it is instead: JSON, other text or ``(missing)`` (4.1). ``expect``: ``200``, ``4xx``, ``200|404``,
        ``401 one_code|another_code``. ``query`` reads ``section=main``; one of ``None`` is left out. ``raw`` is the
        whole body as it is sent; ``but`` only tells then what is wrong in it. ``writes`` is the type of ledger rows
        that a 200 has written, for law 4. Skips the test when the target has no such listener.
        """
        unknown = [name for name in members if name[0] != "."]
        if unknown:
            raise TypeError(f"Send knows no {', '.join(unknown)}; a member of the body begins with a dot")
        if members:
            body = evidence.body_of(quantity=quantity, **{name[1:]: value for name, value in members.items()})
        if but is not None and raw is None:
            body = copy.deepcopy(body)
            change(body, *but)
        url = self._base(to, at) + path
        name, _, value = (query or "").partition("=")
        if value != "None" and name:
            url += f"?{name}={quote(value)}"
        content = raw.encode() if isinstance(raw, str) else raw
        call = Call(method, url, self._token(by), body, content, headers or {}, writes)
        if self._collected is not None:
            self._collected.append((call, str(to) if at is None and to in _PARTS else None))
            raise Collected("This call was collected instead of sent.")
        try:
            return client().send(call, str(expect))
        except AssertionError as error:
            spoilt = f" ({but[0]} was {str(but[1])[:60]})" if but is not None else ""
            forged = f" (its token: {call.token.forged})" if call.token and call.token.forged else ""
            raise AssertionError(f"{error}{spoilt}{forged}") from None

    @staticmethod
    def _base(to: str, at: Instance | None) -> str:
        if to not in _PARTS:
            return str(to)
        need(*_PARTS[to])
        if to.startswith("auth"):
            return str(getattr(target(), f"{to.replace(' ', '_')}_url"))
        return str(getattr(at or target().first, to))

    def _token(self, by: Player | Token | str | None) -> Token | None:
        if by is None or by == "":
            return None
        if not isinstance(by, str):
            return token_of(by)
        known = self._callers.get(by)
        if known is None or known[1] < time.time():
            known = self._callers[by] = self._make(by)
        return known[0]

    @keyword
    def forget_callers(self) -> None:
        """Let callers that are told by name get new tokens with their next call, where old ones may be lost (3.8)."""
        self._callers.clear()

    def _make(self, name: str) -> tuple[Token | None, float]:
        if name not in self._makers:
            raise ValueError(f"there is no caller {name!r}; there are: {', '.join(self._makers) or 'none'}")
        collecting, self._collected = self._collected, None
        try:
            made = BuiltIn().run_keyword(self._makers[name])
        finally:
            self._collected = collecting
        if made is None:
            return None, float("inf")
        return made, float(made.claims.get("exp", "inf")) - 60

    @keyword
    def new_id(self) -> str:
        """Return a new random UUID, as operations and rows have (4.11)."""
        return together.new_id()

    @staticmethod
    def player_of(answer: Any, telegram_id: Any) -> Player | None:
        """Return the player that a login's answer tells of, and count it as one of this test; None for a refusal."""
        if answer.status != 200:
            return None
        user_id, is_new = answer.member("user.id"), answer.member("user.is_new_user")
        player = Player(str(user_id), telegram_id, Token(str(answer.member("token"))), bool(is_new))
        evidence.note_player(player)
        return player

    @keyword
    def send_login(
        self, paths: Any, said: Any, telegram_id: Any = None, way: Any = None, *, to: Any = "auth",
        headers: Any = None, **how: Any,
    ) -> Player | None:  # fmt: skip
        """Log a user in, a new one unless told otherwise, in the target's way or another, as `Send` does it (2.1, 2.2).

        ``paths`` are those of the ways, ``said`` what each says: headers, and members of the body with a dot before
        their names. ``ID`` there is the user's Telegram id, ``DATA`` init data. Returns the player, None for a login
        that was refused as expected.
        """
        words, way = TokenKeywords(), way or target().login
        need(f"{way} login")
        telegram_id = telegram_id or words.new_telegram_id()
        told = {
            name: words.init_data(telegram_id) if text == "DATA"
            else telegram_id if text == "ID" else text.replace("ID", str(telegram_id))
            for name, text in said[way].items()
        }  # fmt: skip
        body = {name[1:]: value for name, value in told.items() if name[0] == "."} or None
        headers = {**{name: value for name, value in told.items() if name[0] != "."}, **(headers or {})}
        return self.player_of(self.send("POST", paths[way], body, to=to, headers=headers, **how), telegram_id)

    @keyword
    def new_player(self, paths: Any, said: Any, published_keys: str, find_out: str) -> Player | None:
        """Return a new player: by `Send Login`, or, where logins are limited and the target's key is at hand, by
        signing a token for a new user, unless `Log Every Player In` (2.9, 4.3). Of the keywords that are named one gets
        the keys; the other runs once, before the first such token, to find out whether the target takes them.
        """
        found = target()
        if found.login_limit is None or found.signing_key_file is None:
            return self.send_login(paths, said)
        if not self._has_tried_a_token:
            self._has_tried_a_token = True
            BuiltIn().run_keyword(find_out)
        if self._logs_everybody_in:
            return self.send_login(paths, said)
        user_id, telegram_id = str(uuid4()), TokenKeywords().new_telegram_id()
        token = sign_claims(claims_for(user_id, telegram_id, []), keys_by(published_keys), found.signing_key_file)
        player = Player(user_id, telegram_id, token)
        evidence.note_player(player)
        return player

    @keyword
    def log_every_player_in(self) -> None:
        """Let each new player log in from now on: the target serves only users that have (2.9)."""
        announce("Each player logs in, for the target keeps nothing for users that have not")
        self._logs_everybody_in = True

    @keyword
    def known_player(self, user_id: str, telegram_id: int, token: str) -> Player:
        """Return a player that another process logged in (2.1); no test counts it as its own."""
        return Player(user_id, telegram_id, Token(token))

    @keyword
    def forget_player(self, player: Player) -> None:
        """Keep a login that other tests use too out of the record of this test."""
        evidence.current.players.pop(player.user_id, None)

    @keyword
    def note_ended_token(self, who: Player | Token) -> None:
        """Remember that somebody's token was ended, so that nobody asks with it any more (2.4)."""
        evidence.ended_tokens.add(token_of(who).value)

    # -- the answer ------------------------------------------------------------------------------------------------

    @keyword
    def last_answer(self) -> Answer:
        """Return the answer to the test's last call: ``status``, ``error``, ``body``, ``headers``, ``milliseconds``."""
        if evidence.current.last is None:
            raise AssertionError("this test has sent nothing yet")
        return evidence.current.last

    @keyword
    def answer_should_have(self, answer: Answer, *members: str) -> None:
        """Fail unless the body has these members, each of its kind: ``items.*.quantity count`` (``*``: every entry).

        Kinds: uuid, text, whole, count, balance, true, false, flag, list, object, any, absent. A name that ends in
        ``?`` may be missing; further members are welcome.
        """
        wrong = differences(answer.body, members)
        if wrong:
            raise AssertionError(f"{answer.call} answered {answer.outcome}, but {'; '.join(wrong)}: {answer.shown}")

    @keyword
    def described_call(self, method: str, path: str, to: Any = "public") -> dict[str, Any]:
        """Return what the target's own description says of a call: ``responses``, ``security``, … (6.6).

        ``path`` is the pattern, as ``/thing/{id}``. Fails when there is no description, or none of the call.
        """
        url = self._base(to, None) + path
        found, pattern = evidence.descriptions.of(url), "/" + url.split("/", 3)[-1]
        operation = found.operation(method, pattern) if found else {}
        if not operation:
            what = f"does not have {method} {pattern}" if found else f"is not at {evidence.path_of_description}"
            raise AssertionError(f"the description of the {to} listener {what} (6.6)")
        return operation

    @keyword
    def answer_should_be_as_described(self, answer: Answer, to: Any = "public") -> None:
        """Fail unless an answer of a service of the suite's own is as the target describes that call (6.6).

        The target's own answers are held against it anyway. Passes where the target describes nothing.
        """
        found = evidence.descriptions.of(self._base(to, None))
        if problems := found.problems_with(answer) if found else []:
            raise AssertionError("; ".join(problems))

    # -- many at one instant ---------------------------------------------------------------------------------------

    @keyword
    def prepare(self, times: int, name: str, *arguments: Any) -> list[Call]:
        """Run a keyword that sends without sending; return so many copies of its call for `Send Together`.

        Works with every keyword that ends in `Send`. A new id that the keyword makes (`Body`, `New Id`) is another in
        each copy. Unless told otherwise the copies are dealt out to all instances of the target in turn.
        """
        call, base, made = self._collect(name, arguments)
        return [self._dealt_out(together.copy_of(call, made), base, number) for number in range(int(times))]

    @keyword
    def prepare_for_each(self, values: list[Any], name: str, *arguments: Any) -> list[Call]:
        """Like `Prepare`, one call for each value, given to the keyword after its positional arguments."""
        calls = []
        positional = [one for one in arguments if not (isinstance(one, str) and "=" in one)]
        for number, value in enumerate(values):
            call, base, _ = self._collect(name, (*positional, value, *arguments[len(positional) :]))
            calls.append(self._dealt_out(call, base, number))
        return calls

    def _dealt_out(self, call: Call, listener: str | None, number: int) -> Call:
        if listener is None:
            return call
        instances = target().instances
        path = call.url.removeprefix(self._base(listener, None))
        return replace(call, url=self._base(listener, instances[number % len(instances)]) + path)

    def _collect(self, name: str, arguments: Sequence[Any]) -> tuple[Call, str | None, list[str]]:
        """Return the call that a keyword would send, its listener if any instance may get it, and the ids it made."""
        self._collected = []
        together.made_ids.clear()
        try:
            BuiltIn().run_keyword(name, *arguments)
        except Collected:
            return *self._collected[0], together.made_ids[:]
        finally:
            self._collected = None
        raise AssertionError(f"{name} sends nothing: it cannot be prepared")

    @keyword
    def send_together(self, *groups: list[Call], fail_on_5xx: bool = True) -> list[Answer]:
        """Send all prepared calls at one instant, each over a connection of its own, and return the answers.

        The groups take turns. Fails when a call got no answer at all, or a 5xx, unless told otherwise.
        """
        answers = together.send_all(together.in_turns(groups))
        return self.judged(answers) if fail_on_5xx else answers

    @keyword
    def send_a_mix(
        self, seed: int, workers: int, *groups: list[Call], seconds: float = 0, meanwhile: str | None = None,
        sender: Any = None,
    ) -> list[Answer]:  # fmt: skip
        """Send all prepared calls by so many workers, in an order that the seed decides; return the answers (law 7).

        They are spread over so many seconds. While they are under way keyword ``meanwhile`` is run, if there is one;
        without, a call that is not answered, or by a 5xx, fails. A ``sender`` sends each otherwise than once.
        """
        calls = in_random_order(seed, [call for group in groups for call in group], _operation_of)
        run = partial(BuiltIn().run_keyword, meanwhile) if meanwhile else None
        answers = together.send_rows([calls[n::workers] for n in range(workers)], run, seconds, sender)
        return answers if meanwhile else self.judged(answers)

    @staticmethod
    def judged(answers: list[Answer]) -> list[Answer]:
        """Show the answers; fail when one did not come or is a 5xx."""
        logger.info(timeline(answers), html=True)
        broken = [a for a in answers if a.status is None or a.status >= 500]
        if broken:
            _show(broken)
            told = together.tally_in_words(answers)
            raise AssertionError(f"{len(broken)} of {len(answers)} calls at once failed: {told}: {broken[0].shown}")
        return answers

    @keyword
    def answers_should_be(self, answers: list[Answer], **counts: int) -> None:
        """Fail unless there are exactly so many answers of each status or error code, and no others.

        ``200=50    insufficient_items=150``
        """
        found = {outcome: together.counted(answers, outcome) for outcome in counts}
        if found != counts or sum(counts.values()) != len(answers):
            _show([a for a in answers if not counts.keys() & {str(a.status), a.error}] or answers)
            wanted = ", ".join(f"{n} x {outcome}" for outcome, n in counts.items())
            told = together.tally_in_words(answers)
            raise AssertionError(f"{len(answers)} calls together were answered {told}; expected {wanted}")

    @keyword
    def each_answer_should_be(self, answers: list[Answer], expect: str) -> None:
        """Fail unless every answer is an expected one (``200``, ``401 one_code|another_code``)."""
        wrong = [(a, problem) for a in answers if (problem := problem_with(a, expect))]
        if wrong:
            _show([a for a, _ in wrong])
            raise AssertionError(f"{len(wrong)} of {len(answers)} calls together: {wrong[0][1]}")

    @keyword
    def median_milliseconds(self, calls: list[Call]) -> float:
        """Send prepared calls one after the other; return how long the median takes (5.2)."""
        return float(statistics.median(client().send(one).milliseconds for one in calls))

    @keyword
    def ratio_of_medians(self, these: list[Call], those: list[Call]) -> float:
        """Send two kinds of prepared calls in turn; return how much longer the median of the first takes (5.2, 5.3)."""
        pairs = [(client().send(one), client().send(other)) for one, other in zip(these, those, strict=True)]
        slow, quick = (statistics.median(a.milliseconds for a in kind) for kind in zip(*pairs, strict=True))
        logger.info(f"Medians are {slow:.2f} ms and {quick:.2f} ms")
        return float(slow / quick)

    @keyword
    def requests_should_have_overlapped(self, answers: list[Answer], at_least: int = 2) -> None:
        """Fail unless so many requests were under way at one instant, by their recorded times."""
        most = together.most_at_once([(a.started, a.ended) for a in answers])
        if most < at_least:
            raise AssertionError(f"at most {most} requests were under way at once, {at_least} are needed for this test")

    # -- on the wire -----------------------------------------------------------------------------------------------

    @keyword
    def send_by_hand(
        self, *lines: str, at: Instance | str | None = None, to: str = "public", by: Player | Token | None = None,
        rest: str = "\r\n", filler: str = "", most: int = 0, every: float = 0, expect: str = "200",
        patience: float = 20, source: str = "",
    ) -> Answer:  # fmt: skip
        """Send lines as they are on a connection of their own; return the answer, any other than expected fails (6.5).

        BASE in it is what stands before the paths of listener ``to``, HOST its name, TOKEN the token of ``by``; lines
        with TOKEN are left out when that is nobody, as where the network is the guard. ``rest`` follows the last line.
        With a ``filler``, it is repeated for up to ``most`` bytes until there is an answer, at once or ``every`` so
        many seconds. ``source`` is the address of this machine from which it is sent; ``at`` may be an address as well.
        """
        url = at if isinstance(at, str) else str(getattr(at or target().first, to))
        text = wire.as_sent(url, lines, rest, token_of(by).value if by else "")
        request_id, started = evidence.current.next_request_id(), time.monotonic()
        block = filler if every else filler * (wire.CHUNK // max(1, len(filler)))
        with wire.connect(url, patience, target().ca_file, source) as line:
            found = wire.exchange(line, text.encode("latin-1"), block.encode(), most, every)
        method, path = (*text.split(" ", 2)[:2], "", "")[:2]
        address = urlsplit(url)._replace(path=path.partition("?")[0][:80]).geturl()
        call = Call(method[:20], address, is_by_hand=True)
        status, headers, content, failure = found
        answer = Answer(call, request_id, status, content, headers, started, time.monotonic(), failure)
        return as_expected(noted(answer), expect)

    @keyword
    def hold_connections(
        self, count: int, *lines: str, at: Instance | None = None, to: str = "public",
        by: Player | Token | None = None, rest: str = "",
    ) -> None:  # fmt: skip
        """Open so many connections, send lines over each, and keep them open until the end of the test (6.5).

        What may stand in the lines, and in the ``rest`` behind them, is what `Send By Hand` tells.
        """
        url = str(getattr(at or target().first, to))
        for _ in range(count):
            try:
                line = wire.connect(url, 5, target().ca_file)
                wire.held.append(line)
                line.sendall(wire.as_sent(url, lines, rest, token_of(by).value if by else "").encode("latin-1"))
            except OSError:
                # Refused is as good as closed: what others see meanwhile counts.
                continue

    @keyword
    def hang_up(self) -> None:
        """Close the connections that are held, whatever was begun over them (6.5)."""
        wire.hang_up()

    @keyword
    def held_connections_should_be_closed(self, within: float, but: int = 0, trickle: str = "") -> None:
        """Fail unless the other side closes the connections that are held, but some, within so many seconds (6.5).

        Meanwhile a ``trickle`` is sent over the first, a letter every fifth of a second: who is slow is not gone.
        """
        still = wire.still_open(within, trickle)
        if still > but:
            raise AssertionError(f"{still} of {len(wire.held)} connections are open after {within} s (6.5)")

    # -- history ---------------------------------------------------------------------------------------------------

    @keyword
    def history_should_be_serial(
        self, *players: Player, hardening: bool = False, rows: list[Any] | None = None
    ) -> list[Judgement]:
        """Fail unless a one-at-a-time order explains all that callers were told of each player of the test (law 7).

        Names other players to look at those. With ``hardening`` repeats and ends count as 4.11 H and 4.12 H have them.
        ``rows`` are the players' rows: they tell whether calls without an answer were (law 5). Fails too when it cannot
        be decided, or when there is nothing to decide.
        """
        wanted = {one.user_id for one in players or evidence.current.players.values()}
        for user in wanted if rows is not None else ():
            evidence.history.ledger(user, {(one.operation_id, one.operation_type) for one in rows or ()})
        found = judge(evidence.history.about(wanted), hardening=hardening, users=wanted)
        evidence.histories.leave_out(wanted)
        problem = problem_of(found)
        logger.info("".join(one.picture for one in found) or in_short(found), html=True)
        if problem:
            raise AssertionError(f"Law 7 (serial history): {problem}")
        return found

    @keyword
    def leave_out_of_histories(self, player: Player) -> None:
        """Let no history be judged of a player on whom calls write that nobody hears of (law 7)."""
        evidence.histories.leave_out({player.user_id})


# Arguments are for the keyword that is run, which resolves them itself: objects stay objects, names stay names.
for _name, _own in (("Prepare", 2), ("Prepare For Each", 2)):
    register_run_keyword(__name__, _name, _own, deprecation_warning=False)  # type: ignore[no-untyped-call]


def _operation_of(call: Call) -> str | None:
    last = call.path.rpartition("/")[2]
    return call.member("operation_id") or (last if is_uuid(last) else None)


def _show(answers: Sequence[Answer]) -> None:
    evidence.current.last = answers[0]
    rows = ((a.call, a.outcome, f"{a.milliseconds:.1f}", a.request_id, a.shown) for a in answers)
    logger.info(table(("call", "answer", "took ms", "request", "body"), rows), html=True)
