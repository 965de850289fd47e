"""Keywords of `make fuzz`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from robot.api import logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from fuzz import described, raw
from fuzz.described import Exchange, Findings
from history.laws import violations
from libraries.ledger import database
from libraries.ledger.catalogue import catalogue
from libraries.ledger.rows import read_ledger
from libraries.target.preparing import need
from libraries.tokens.token import Player, Token
from reporting.pictures import table

_PLAYERS = "SELECT DISTINCT user_id::text FROM inventory.operations"
_OPERATIONS = "SELECT DISTINCT operation_id::text FROM inventory.operations"
_ROWS = "SELECT id::text FROM inventory.operations"


@library(scope="GLOBAL")
class FuzzKeywords:
    """Asks a deployment what nobody thought of, and looks at the whole ledger afterwards."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []

    @keyword
    def fuzz_as_described(
        self, url: str, examples: int, seed: int, players: list[Player], service: Token, administrator: Player,
        login: str, leave_out: str, items: list[str],
    ) -> Findings:  # fmt: skip
        """Ask a listener, in so many ways a call, what its description at an address says, and show what it answered.

        ``login`` is where somebody logs in whose token may end; ``leave_out`` is a regular expression of paths;
        ``items`` are what the players have much of (6.6).
        """
        world = {
            "login": login,
            "tokens": {
                "player": [player.token.value for player in players],
                "service": [service.value],
                "administrator": [administrator.token.value],
            },
            "user_id": [player.user_id for player in players],
            "item_id": [position.item.item_id for position in catalogue().positions(items)],
        }
        folder = Path(BuiltIn().get_variable_value("${OUTPUT DIR}")) / "fuzz" / url.split("/")[2].replace(":", "-")
        found = described.run(url, world, int(examples), int(seed), folder, leave_out)
        self._exchanges += found.exchanges
        rows = [
            (call, sum(counts.values()), ", ".join(f"{n} x {status}" for status, n in sorted(counts.items())))
            for call, counts in sorted(found.by_call().items())
        ]
        logger.info(f"{len(found.exchanges)} requests<br>{table(('call', 'requests', 'answers'), rows)}", html=True)
        return found

    @keyword
    def findings_should_be_none(self, findings: Findings) -> None:
        """Fail when an answer was not as described, or when nothing was asked (4.1, 4.2, 6.6)."""
        if not findings.exchanges:
            raise AssertionError("nothing was asked: the description has no calls")
        accepted = sum(one.status == 200 for one in findings.exchanges)
        if accepted < len(findings.exchanges) // 50:
            raise AssertionError(
                f"only {accepted} of {len(findings.exchanges)} requests were accepted: nothing is proven"
            )
        if findings.problems:
            raise AssertionError(
                f"{len(findings.problems)} calls are not as described (6.6):\n" + "\n".join(findings.problems)
            )

    @keyword
    def raw_requests_should_be_refused(self, url: str, player: Player, service: Token) -> None:
        """Send raw requests to the call of an address; fail for each that is not refused as it should be (4.1, 4.2).

        A refusal has the contract's form. The last one, of one stone, is accepted.
        """
        base, _, path = url.partition("//")[2].partition("/")
        item = catalogue().position("stone").item.item_id
        rows, wrong = [], []
        for one in raw.requests_of(url, f"/{path}", service.value, player.user_id, item):
            reply = raw.send(f"http://{base}", one)
            rows.append((one.name, "closed" if reply.status is None else reply.status, reply.error or ""))
            problem = _problem_with(one, reply)
            if problem:
                wrong.append(f"{one.name} was {problem}")
        logger.info(table(("request", "answer", "error"), rows), html=True)
        if wrong:
            raise AssertionError(f"{len(wrong)} of {len(rows)} raw requests (4.1, 4.2):\n" + "\n".join(wrong))

    @keyword
    def whole_ledger_should_be_lawful(self) -> None:
        """Fail unless each player's ledger keeps laws 1 to 4, has what was acknowledged and nothing refused (law 5).

        Takes the requests of this run into account.
        """
        need("database")
        players = [row[0] for row in database.rows(_PLAYERS)]
        found = [f"player {one}: {problem}" for one in players for problem in violations(read_ledger(one), None, [])]
        found += outcomes(
            self._exchanges, {r[0] for r in database.rows(_ROWS)}, {r[0] for r in database.rows(_OPERATIONS)}
        )
        logger.info(f"{len(players)} players, {len(self._exchanges)} requests, {len(found)} violations")
        if found:
            raise AssertionError(f"{len(found)} violations:\n" + "\n".join(found[:50]))


def outcomes(exchanges: Sequence[Exchange], rows: set[str], operations: set[str]) -> list[str]:
    """Return in words which rows of a 200 the ledger lacks, and which operations it has that were only refused."""
    by_operation: Mapping[str, list[Exchange]] = defaultdict(list)
    found = []
    for one in exchanges:
        if one.method != "POST" or not isinstance(one.sent, dict):
            continue
        told = one.got.get("operation_ids") if one.status == 200 and isinstance(one.got, dict) else None
        lost = [row for row in told or () if row not in rows]
        if lost:
            found.append(f"Law 5: {one.path} answered 200 with rows that are not in the ledger: {', '.join(lost)}")
        operation = one.sent.get("operation_id")
        if isinstance(operation, str):
            by_operation[operation.lower()].append(one)
    for operation, asked in by_operation.items():
        if operation in operations and all(400 <= one.status < 500 for one in asked):
            statuses = ", ".join(f"{one.path} {one.status}" for one in asked)
            found.append(f"Law 5: operation {operation} was only refused ({statuses}) and stands in the ledger")
    return found


def _problem_with(one: raw.Raw, reply: raw.Reply) -> str | None:
    if reply.status not in one.statuses:
        return f"answered {'by closing' if reply.status is None else reply.status}: {reply.content[-200:]!r}"
    if reply.status is not None and reply.status >= 400 and reply.error is None:
        return f"refused in another form than the contract's: {reply.content[-200:]!r}"
    return None
