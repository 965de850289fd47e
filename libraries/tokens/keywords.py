"""Keywords that make, forge and check tokens and init data."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import cache
from typing import Any, Literal
from uuid import uuid4

from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from libraries.target.preparing import need, target
from libraries.tokens import forging
from libraries.tokens.forging import Signer
from libraries.tokens.token import Player, Token, claims_for, token_of

_TELEGRAM_IDS = 2**52
# Nobody's bot: what it signs is signed rightly, by the wrong one.
_ANOTHER_BOT = "7000000001:AAE-another-bot-of-the-tests-own-0000000"


class Sealed(str):
    """Text that shows a stub wherever Python shows it, and itself only to whoever sends it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'<hidden>'"


@cache
def keys_by(name: str) -> Any:
    """Return the published keys, by running the keyword that gets them, once a process."""
    return BuiltIn().run_keyword(name)


@library(scope="GLOBAL")
class TokenKeywords:
    """Makes tokens and init data, good and forged (contract, sections 2 and 3).

    Tokens are values whose text is a fingerprint; no log ever holds one. A value of a claim or field is told as JSON,
    or as ``(missing)``, ``(new)`` for a new UUID, or ``now - 60`` in seconds since 1970; anything else is text.
    """

    @keyword
    def new_telegram_id(self) -> int:
        """Return a Telegram id that nobody else has (2.1)."""
        return secrets.randbelow(_TELEGRAM_IDS) + 1

    @keyword
    def token(self, value: str) -> Token:
        """Return the token with this text; from then on no log shows it."""
        return Token(value)

    @keyword
    def read_keys(self, text: str) -> Any:
        """Return the public keys of a JSON Web Key Set or a PEM (2.6, 2.7). Raises AssertionError for neither."""
        from libraries.tokens.keys import read_key_set

        return read_key_set(text)

    @keyword
    def verified_claims(self, who: Player | Token, keys: Any) -> dict[str, Any]:
        """Return the claims of somebody's token that stands up to the published keys (2.10).

        Raises AssertionError when signature, algorithm, issuer or times are wrong.
        """
        from libraries.tokens.keys import verified_claims

        return verified_claims(token_of(who), keys)

    @keyword
    def forge_token(
        self, who: Player | Token, keys: Any = None, signed_by: Signer = "before",
        text: str = "HEADER.PAYLOAD.SIGNATURE", key_file: str | None = None, **changes: Any,
    ) -> Token:  # fmt: skip
        """Return somebody's token with claims (``exp=now - 60``) or header members (``alg=none``) changed (3.3 to 3.6).

        ``signed_by``: ``before`` keeps the signature, ``target`` is the target's key (skips the test without it) or
        that in ``key_file``, ``stranger`` one that nobody published, ``public key`` HMAC keyed with the public key
        (``as DER``, ``as PKCS1``, ``without its last newline``), ``nobody`` none.
        ``keys`` are the published ones, or the keyword that gets them when they are needed.
        ``jwk=(stranger)`` brings along the key that a stranger signs with.
        ``text`` is the whole token, in which HEADER, PAYLOAD, SIGNATURE, CUT and FLIPPED stand for parts of it.
        """
        if signed_by == "target" and key_file is None:
            need("signing key")
        if isinstance(keys, str):
            keys = keys_by(keys) if signed_by.startswith(("target", "public key")) else None
        file = key_file or target().signing_key_file
        forged = forging.forge_token(token_of(who), keys, file, signed_by, text, changes)
        told = [f"{name}={str(words)[:40]}" for name, words in changes.items()]
        return replace(forged, forged=", ".join([*told, f"signed_by={signed_by}", f"text={text[:60]}"]))

    @keyword
    def make_service_token(self, keys: Any) -> Token:
        """Sign a service's token with the target's key (2.3). Skips the test without the key."""
        need("signing key")
        claims = claims_for(str(uuid4()), None, ["internal"]) | {"service": "proving-ground"}
        return forging.sign_claims(claims, keys, str(target().signing_key_file))

    @keyword
    def signing_key_should_be_published(self, keys: Any) -> None:
        """Fail unless TARGET_SIGNING_KEY_FILE, where it is given, holds a key that the target publishes (2.6)."""
        from libraries.tokens.keys import read_private_key

        if target().signing_key_file:
            keys.kid_of(read_private_key(str(target().signing_key_file)).public_key())

    @keyword
    def init_data(
        self, telegram_id: int | None = None, signed_by: Literal["the bot", "another bot", "nobody"] = "the bot",
        text: str = "DATA", after: dict[str, str] | None = None, **changes: Any,
    ) -> Any:  # fmt: skip
        """Return Telegram init data of a user (2.2), fields changed (``auth_date=now - 90000``, ``user.id=(missing)``).

        ``after`` changes fields once it is signed; FLIPPED there is the old value with another end, FIRST the old one
        in the first place. In ``text`` the word DATA stands for the whole. Nobody signs with an empty bot token. Skips
        the test when the target has no Telegram login.
        """
        need("telegram login")
        bot = target().telegram_bot_token
        key = _ANOTHER_BOT if signed_by == "another bot" or bot is None else bot.value
        key = "" if signed_by == "nobody" else key
        return Sealed(forging.init_data(key, telegram_id or self.new_telegram_id(), changes, after or {}, text))

    @keyword
    def with_token(self, text: str, who: Player | Token) -> str:
        """Return a text in which TOKEN stands for somebody's token (3.2); it shows a stub where it is logged."""
        return Sealed(text.replace("TOKEN", token_of(who).value))
