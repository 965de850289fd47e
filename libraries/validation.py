"""Keywords for tables of bad requests: each row one value that a call must refuse (contract, section 4)."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any, Literal

from robot.api.deco import keyword, library

from libraries import calls
from libraries.administration import adjust_call
from libraries.client import Expected
from libraries.inventory import add_items_call, consume_call, reserve_call, return_call
from libraries.players import Player, PlayerKeywords
from libraries.session import client
from libraries.target import given

CallName = Literal["add-items", "reserve", "return-reserve", "consume-reserve", "adjust"]
MISSING = "(missing)"


def with_member(body: Any, path: str, value: str) -> Any:
    """Return a copy of a body with the member at a path (``items.0.quantity``) set to JSON text, or left out."""
    result = copy.deepcopy(body)
    *parents, last = path.split(".")
    place = result
    for step in parents:
        place = place[int(step)] if isinstance(place, list) else place[step]
    key: Any = int(last) if isinstance(place, list) else last
    if value == MISSING:
        del place[key]
    else:
        place[key] = json.loads(value)
    return result


@library(scope="GLOBAL")
class ValidationKeywords:
    """Sends requests with one thing wrong, and sees that each is refused by name and leaves nothing behind."""

    def __init__(self) -> None:
        self._players = PlayerKeywords()
        self._name: CallName = "add-items"
        self._player: Player | None = None
        self._administrator: Player | None = None
        self._call: calls.Call | None = None

    @keyword
    def prepare_bad_requests_for(self, call: CallName, administrator: Player | None = None) -> Player:
        """Make a player with 10 stone and a good request of a call, for the rows of a table to spoil."""
        self._name, self._administrator = call, administrator
        self._player = self._players.create_player()
        client().send(add_items_call(self._player, "10 stone"))
        self._call = self._good(self._player)
        return self._player

    def _good(self, player: Player) -> calls.Call:
        if self._name == "adjust":
            return adjust_call(given(self._administrator), player, "1 stone")
        if self._name == "add-items":
            return add_items_call(player, "1 stone", comment="a good request but for one value")
        if self._name == "reserve":
            return reserve_call(player, "1 stone")
        reservation = reserve_call(player, "1 stone")
        client().send(reservation)
        end = return_call if self._name == "return-reserve" else consume_call
        return end(player, str(reservation.operation_id))

    @keyword
    def value_should_be_refused(self, member: str, value: str, expect: Expected = "400 validation_failed") -> None:
        """Fail unless the call is refused, naming the member, when it has this value (JSON, or ``(missing)``)."""
        call = given(self._call)
        body = dict(call.body)
        if self._name in ("add-items", "reserve"):
            # Were it accepted, it must count as a new operation and not as a repeat of the last row's.
            body["operation_id"] = calls.new_id()
        answer = client().send(call.with_body(with_member(body, member, value)), expect)
        name = next(part for part in reversed(member.split(".")) if not part.isdigit())
        if name not in json.dumps(answer.body):
            raise AssertionError(f"{call} with {member} = {value} was refused without naming {name}: {answer.body}")

    @keyword
    def body_should_be_refused(self, body: str, expect: Expected = "400 validation_failed") -> None:
        """Fail unless the call is refused when this text is its whole body."""
        client().send(replace(given(self._call), raw=body.encode(), body=None), expect)

    @keyword
    def body_of_bytes_should_be_refused(self, size: int, expect: Expected) -> None:
        """Fail unless the call is refused when its body is padded to so many bytes."""
        body = given(self._call).body
        empty = len(json.dumps({**body, "padding": ""}))
        padded = json.dumps({**body, "padding": "x" * (size - empty)})
        self.body_should_be_refused(padded, expect)

    @keyword
    def unknown_members_should_be_ignored(self) -> None:
        """Fail unless the call succeeds when its body has a member that the contract does not know."""
        call = given(self._call)
        client().send(call.with_body({**call.body, "unheard_of": {"of": 1}}))

    @keyword
    def good_request_should_still_succeed(self) -> None:
        """Send the request that the rows spoiled, unspoiled: what was refused was refused for the spoiled value."""
        client().send(given(self._call))
