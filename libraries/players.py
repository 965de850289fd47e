"""Players, administrators and their logins (contract, section 2)."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from robot.api.deco import keyword, library

from libraries import calls, database, evidence
from libraries.client import Answer, require
from libraries.preparing import target
from libraries.session import auth, client, need, published_keys
from libraries.shapes import is_uuid
from libraries.target import Login, given
from libraries.tokens import Token, init_data

_TELEGRAM_IDS = 2**52
_stale: set[str] = set()


@dataclass(frozen=True)
class Player:
    """Somebody who is logged in."""

    user_id: str
    telegram_id: int
    username: str
    token: Token
    is_new: bool = True

    def __str__(self) -> str:
        return f"player {self.username}"

    @property
    def is_current(self) -> bool:
        """Whether this login is the player's latest that this process made and was not logged out."""
        return self.token.value not in _stale


def new_telegram_id() -> int:
    """Return a Telegram id that nobody else has."""
    return secrets.randbelow(_TELEGRAM_IDS) + 1


def signed_init_data(telegram_id: int, changes: dict[str, str | None] | None = None) -> str:
    """Return valid Telegram init data for a user; ``changes`` replace fields before signing (None: left out)."""
    need("telegram login")
    first_name = f"Player {telegram_id % 10000}"
    user = json.dumps({"id": telegram_id, "first_name": first_name, "username": _name(telegram_id)})
    fields = {"auth_date": str(int(time.time())), "query_id": secrets.token_hex(8), "user": user} | (changes or {})
    kept = {name: value for name, value in fields.items() if value is not None}
    return init_data(given(target().bot_token).value, kept)


def _name(telegram_id: int) -> str:
    return f"p{telegram_id:x}"


def login_call(telegram_id: int, way: Login | None = None) -> calls.Call:
    """Return the login call of a user, in the target's way or another."""
    base = auth()
    if (way or target().login) == "telegram":
        need("telegram login")
        return calls.telegram_login(base, signed_init_data(telegram_id))
    need("dev login")
    return calls.dev_login(base, telegram_id, _name(telegram_id))


def log_in(telegram_id: int, way: Login | None = None) -> Player:
    """Log a user in; a new one is made when there is none."""
    answer = client().exchange(login_call(telegram_id, way))
    if answer.status == 429:
        raise AssertionError(
            "the auth service limits logins: raise its setting AUTH_LOGIN_LIMIT_PER_MINUTE for the time of the tests"
        )
    return player_of(require(answer, "200"), telegram_id)


def player_of(answer: Answer, telegram_id: int) -> Player:
    """Return the player that a login's answer describes."""
    user = answer.body["user"]
    player = Player(user["id"], telegram_id, _name(telegram_id), Token(answer.body["token"]), bool(user["is_new_user"]))
    for earlier in evidence.current.players:
        if earlier.user_id == player.user_id:
            _stale.add(earlier.token.value)
    evidence.current.players.append(player)
    return player


@library(scope="GLOBAL")
class PlayerKeywords:
    """Makes players and administrators, logs them in and out (contract, section 2)."""

    def __init__(self) -> None:
        self._administrator: Player | None = None

    @keyword
    def create_player(self) -> Player:
        """Log a brand-new user in and return the player: ``user_id``, ``telegram_id``, ``username``, ``token``."""
        return log_in(new_telegram_id())

    @keyword
    def create_administrator(self) -> Player:
        """Make a new user an administrator and return the login. Needs TARGET_CAN_MAKE_ADMIN and the database."""
        need("administrators")
        player = log_in(new_telegram_id())
        database.rows("UPDATE auth.users SET role = 'admin' WHERE id = %s::uuid", player.user_id)
        return log_in(player.telegram_id)

    @keyword
    def the_administrator(self) -> Player:
        """Return one administrator that all tests of this process share. Never log this one in again."""
        if self._administrator is None:
            self._administrator = self.create_administrator()
            _forget(self._administrator)
        return self._administrator

    @keyword
    def log_in_again(self, player: Player) -> Player:
        """Log a player in once more and return the new login."""
        return log_in(player.telegram_id)

    @keyword
    def log_in_by(self, way: Login, telegram_id: int | None = None) -> Player:
        """Log in by the development login (``dev``) or by Telegram init data (``telegram``)."""
        return log_in(telegram_id or new_telegram_id(), way)

    @keyword
    def log_out(self, player: Player, expect: str = "200") -> Answer:
        """Revoke a player's own token (hardening)."""
        _stale.add(player.token.value)
        return client().send(calls.auth_call(auth(), "/auth/logout", player.token), expect)

    @keyword
    def deactivate(self, player: Player) -> None:
        """Set a player inactive in the auth service's database."""
        need("database", "disposable data")
        database.rows("UPDATE auth.users SET is_active = false WHERE id = %s::uuid", player.user_id)

    @keyword
    def login_should_be_refused(self, player: Player, expect: str) -> Answer:
        """Fail unless logging the player in is refused so."""
        return client().send(login_call(player.telegram_id), expect)

    @keyword
    def token_should_be_good(self, player: Player) -> None:
        """Fail unless a player's token keeps section 2: RS256 by a published key, 24 h, the promised claims."""
        from libraries.signing import verified_claims

        claims = verified_claims(player.token, published_keys())
        wrong = _claim_problems(player, claims)
        if player.token.header.get("alg") != "RS256":
            wrong.append(f"alg is {player.token.header.get('alg')}, not RS256")
        if wrong:
            raise AssertionError("the token breaks section 2 of the contract: " + "; ".join(wrong))


def _forget(player: Player) -> None:
    """Keep a shared login out of the record of the test that happened to make it."""
    evidence.current.players[:] = [p for p in evidence.current.players if p.user_id != player.user_id]


def _claim_problems(player: Player, claims: dict[str, Any]) -> list[str]:
    wrong = []
    if claims.get("sub") != player.user_id:
        wrong.append("sub is not the user's id")
    if claims.get("telegram_id") != player.telegram_id or isinstance(claims.get("telegram_id"), str):
        wrong.append("telegram_id is not the user's, as a number")
    if not is_uuid(claims.get("jti")):
        wrong.append("jti is no UUID")
    lifetime = claims["exp"] - claims.get("iat", 0)
    if lifetime != 24 * 3600:
        wrong.append(f"it lives {lifetime} s, not 24 h")
    return wrong
