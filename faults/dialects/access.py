"""Freedoms of the gate (contract, section 3)."""

import dataclasses
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import jwt

from faults.dialects.answers import Answer, rewrite
from faults.dialects.dialect import dialect
from faults.patching import replace, replace_everywhere
from services.auth.api import AuthGate
from services.common import tokens
from services.common.errors import Refusal
from services.inventory.api import Gate
from services.inventory.store import Lookups

Decode = Callable[..., dict[str, Any]]


@dialect("3.2")
def lenient_bearer() -> None:
    """Whatever stands around the token is forgiven."""

    def lenient(bearer: Any) -> Any:
        def read(authorization: str | None) -> Any:
            return bearer(authorization and " ".join(authorization.split()))

        return read

    replace_everywhere(tokens, "bearer", lenient)


@dialect("3.3")
def any_issuer() -> None:
    """A token is taken whoever issued it, as long as a known key signed it."""

    def lenient(decode: Decode) -> Decode:
        def decode_any(*args: Any, **more: Any) -> dict[str, Any]:
            more.pop("issuer", None)
            return decode(*args, **more)

        return decode_any

    replace(jwt, "decode", lenient)


@dialect("3.3")
def no_exp_needed() -> None:
    """A token without an end, or with one that is no number, never ends."""

    def lenient(decode: Decode) -> Decode:
        def decode_endless(*args: Any, options: Any = None, **more: Any) -> dict[str, Any]:
            unverified = jwt.decode_complete(args[0], options={"verify_signature": False})["payload"]
            if isinstance(unverified.get("exp"), (int, float)):
                return decode(*args, options=options, **more)
            lax = {**(options or {}), "require": [], "verify_exp": False}
            return {**decode(*args, options=lax, **more), "exp": time.time() + 86400}

        return decode_endless

    replace(jwt, "decode", lenient)


@dialect("3.3")
def nbf_ignored() -> None:
    """A token is taken before its time."""

    def lenient(decode: Decode) -> Decode:
        def decode_early(*args: Any, options: Any = None, **more: Any) -> dict[str, Any]:
            return decode(*args, options={**(options or {}), "verify_nbf": False}, **more)

        return decode_early

    replace(jwt, "decode", lenient)


@dialect("3.3")
def leeway_of_a_minute() -> None:
    """A token is taken for a minute after its end."""

    def lenient(decode: Decode) -> Decode:
        def decode_late(*args: Any, **more: Any) -> dict[str, Any]:
            payload = decode(*args, **{**more, "leeway": 60})
            return {**payload, "exp": payload["exp"] + 60} if "exp" in payload else payload

        return decode_late

    replace(jwt, "decode", lenient)


@dialect("3.3")
def expired_is_invalid() -> None:
    """An expired token is refused like one with a bad signature, which 3.3 leaves open."""

    def respell(answer: Answer) -> None:
        if answer.body and answer.body.get("error") == "token_expired":
            answer.body["error"] = "invalid_token_signature"

    rewrite(respell)


@dialect("3.6")
def any_sub() -> None:
    """A user's id is taken in any spelling of a UUID, and refused in other words when it is none."""

    def lenient(identify: Any) -> Any:
        def identify_any(claims: tokens.Claims) -> Any:
            if not claims.sub:
                return identify(claims)
            try:
                usual = str(UUID(claims.sub))
            except ValueError:
                raise Refusal(401, "invalid_user_id", "bad user") from None
            return identify(dataclasses.replace(claims, sub=usual))

        return identify_any

    replace_everywhere(tokens, "identify", lenient)


@dialect("2.10, 3.7")
def no_roles() -> None:
    """Tokens carry no roles, and any valid token opens every door that asks for one."""

    def without_roles(encode: Any) -> Any:
        def encode_without(payload: dict[str, Any], *rest: Any, **more: Any) -> Any:
            return encode({name: value for name, value in payload.items() if name != "roles"}, *rest, **more)

        return encode_without

    def services_are_no_players(read: Any) -> Any:
        # 3.6 asks players alone for their telegram_id.
        def read_claims(payload: dict[str, Any]) -> tokens.Claims:
            claims: tokens.Claims = read(payload)
            return dataclasses.replace(claims, roles=frozenset({"internal"}) if claims.service else frozenset())

        return read_claims

    replace(jwt, "encode", without_roles)
    replace(tokens, "_claims", services_are_no_players)
    for gate, doors in ((Gate, ("player", "internal", "admin")), (AuthGate, ("owner", "administrator"))):
        for door in doors:
            replace(gate, door, _whatever_the_role)


def _whatever_the_role(guard: Any) -> Any:
    async def let_in(gate: Any, request: Any) -> None:
        try:
            await guard(gate, request)
        except Refusal as refusal:
            if refusal.status != 403:
                raise

    return let_in


@dialect("3.7")
def codes_of_403() -> None:
    """A caller without the role is refused in other words."""

    def respell(answer: Answer) -> None:
        if answer.status == 403:
            answer.refuse(403, "access_denied", "no")

    rewrite(respell)


@dialect("3.8")
def loss_unnoticed() -> None:
    """A Redis that has lost its data knows of no revocation, and is believed."""
    replace_everywhere(tokens, "check_known", lambda _: lambda *_: None)

    def believing(answer: Any) -> Any:
        async def answer_always(of: Lookups, batch: Any) -> Any:
            try:
                return await answer(of, batch)
            except Refusal:
                # Away or empty: an empty one answers when it is asked again.
                if await of._run("lookup", ("PING",)):
                    return [(False, None) for _ in batch]
                raise

        return answer_always

    replace(Lookups, "_answer", believing)


@dialect("3.8")
def redis_away_is_500() -> None:
    """Without Redis nobody is let in, and the answer is that of any failure."""

    def respell(answer: Answer) -> None:
        if answer.body and answer.body.get("error") == "token_check_unavailable":
            answer.refuse(500, "internal_error", "something went wrong")
            answer.drop_header(b"retry-after")

    rewrite(respell)
