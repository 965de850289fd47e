"""Keywords that show credentials, good and forged, to the services (contract, sections 2 and 3)."""

from __future__ import annotations

import json
import time
from typing import Any

from robot.api.deco import keyword, library
from robot.api.types import Secret

from libraries import calls, evidence, signing, tokens
from libraries.client import Answer, Expected
from libraries.forgeries import FORGERIES, NEED_PUBLIC_KEY, NEED_SIGNING_KEY, Material
from libraries.players import Player, new_telegram_id, signed_init_data
from libraries.preparing import target
from libraries.session import auth, client, instance, need, published_keys, service_token, signer
from libraries.shapes import JWKS, difference
from libraries.target import Instance, given
from libraries.tokens import Token

DAY = 24 * 3600


def call_of(route: str, token: Token | None, at: Instance) -> calls.Call:
    """Return a call by its words (``POST /inventory/reserve``), with an empty body."""
    method, _, path = route.partition(" ")
    if path.startswith("/admin/"):
        url = f"{at.admin}/{path.rpartition('/')[2]}"
    elif route == "GET /inventory":
        url = f"{at.public}/inventory"
    elif path.startswith("/auth/"):
        url = auth() + path
    else:
        url = f"{at.internal}{path}"
    return calls.Call(method, url, path, token, body={} if method == "POST" else None)


@library(scope="GLOBAL")
class CredentialKeywords:
    """Makes tokens and init data, good and forged, and shows them to the services.

    Tokens are values whose text is a fingerprint; no log ever holds one. Tests that need the target's signing key or
    bot token are skipped without it.
    """

    @keyword
    def make_token(self, player: Player, **claims: str) -> Token:
        """Sign a token for a player with the target's key, some claims changed (JSON values; ``null`` leaves out)."""
        good = tokens.claims_for(player.user_id, player.telegram_id, [])
        return signer().sign(tokens.changed(good, {name: json.loads(value) for name, value in claims.items()}))

    @keyword
    def forge_token(self, player: Player, kind: str) -> Token:
        """Return a forgery of a player's token; kinds are listed in ``libraries/forgeries.py``."""
        if kind not in FORGERIES:
            raise ValueError(f"there is no forgery {kind!r}; there are: {'; '.join(FORGERIES)}")
        key = None
        if kind in NEED_PUBLIC_KEY:
            key = signing.public_key_of(published_keys(), player.token.header.get("kid"))
        return FORGERIES[kind](Material(player.token, key, signer() if kind in NEED_SIGNING_KEY else None))

    @keyword
    def auth_headers(self, player: Player) -> dict[str, Secret]:
        """Return the headers of an authenticated call (seed, section 7.6); the values are Secrets."""
        headers = {"Authorization": f"Bearer {player.token.value}", "Content-Type": "application/json"}
        return {name: Secret(value) for name, value in headers.items()}

    @keyword
    def forgery_should_be_refused(
        self, player: Player, kind: str, expect: Expected, route: str = "GET /inventory"
    ) -> None:
        """Fail unless a forgery of a player's token is refused so."""
        need("auth service")
        client().send(call_of(route, self.forge_token(player, kind), instance(None)), expect)

    @keyword
    def header_should_be_refused(self, player: Player, header: str, expect: Expected) -> None:
        """Fail unless an ``Authorization`` header is refused so; ``TOKEN`` in it stands for the player's good token."""
        call = calls.Call(
            "GET", f"{instance(None).public}/inventory", "/inventory",
            headers=(("Authorization", header.replace("TOKEN", player.token.value)),),
        )  # fmt: skip
        client().send(call, expect)

    @keyword
    def access_should_be(self, route: str, stranger: Expected, player: Player, as_player: Expected,
                         as_service: Expected, administrator: Player, as_administrator: Expected) -> None:  # fmt: skip
        """Fail unless a path answers each role so; ``-`` where nothing is promised. Bodies are empty."""
        for token, expected in (
            (None, stranger), (player.token, as_player), (service_token(), as_service),
            (administrator.token, as_administrator),
        ):  # fmt: skip
            if expected != "-":
                client().send(call_of(route, token, instance(None)), expected)

    @keyword
    def access_should_be_refused(self, route: str, player: Player | None, expect: Expected) -> None:
        """Fail unless a path refuses a player's token (or, without a player, a call without any) so."""
        client().send(call_of(route, player.token if player else None, instance(None)), expect)

    @keyword
    def stranger_should_be_refused(self, route: str) -> None:
        """Fail unless a call without a token is answered 401 ``missing_token``."""
        self.access_should_be_refused(route, None, "401 missing_token")

    @keyword
    def service_should_be_refused(self, route: str, expect: Expected) -> None:
        """Fail unless a path refuses a service's token so."""
        client().send(call_of(route, service_token(), instance(None)), expect)

    @keyword
    def answer_should_not_repeat_the_token(self, token: Token) -> None:
        """Fail when the last answer holds a part of a token."""
        if any(part and part in evidence.current.last.text for part in token.value.split(".")):
            raise AssertionError(f"{evidence.current.last.call} repeats a part of the token in its answer")

    @keyword
    def service_token_should_be_refused_for(self, service: str, secret: str, expect: Expected) -> None:
        """Fail unless the auth service refuses a service token for these (wrong) credentials.

        ``NAME`` and ``SECRET`` stand for the target's right ones.
        """
        need("service credentials")
        found = target()
        right = given(found.service_secret).value
        body: dict[str, Any] = {
            "service": found.service_name if service == "NAME" else service,
            "secret": right if secret == "SECRET" else secret,  # noqa: S105
        }
        client().send(calls.auth_call(auth(), "/auth/service-token", body=body), expect)

    @keyword
    def service_token_should_be_good(self) -> None:
        """Fail unless a service's token carries ``roles: ["internal"]`` and the service's name (hardening)."""
        need("service credentials")
        claims = signing.verified_claims(given(service_token()), published_keys())
        if claims.get("roles") != ["internal"] or claims.get("service") != target().service_name:
            raise AssertionError(f"roles are {claims.get('roles')}, service is {claims.get('service')}")

    @keyword
    def published_keys_should_be_standard(self) -> dict[str, Any]:
        """Fail unless ``/jwks`` is a JSON Web Key Set of RS256 keys without private parts, and return it."""
        keys = published_keys()
        problem = difference(keys, JWKS, "/jwks")
        if problem:
            raise AssertionError(problem)
        for key in keys["keys"]:
            if (key["kty"], key["use"], key["alg"]) != ("RSA", "sig", "RS256") or {"d", "p", "q"} & set(key):
                raise AssertionError(f"key {key['kid']} of /jwks is no public RS256 key")
        return keys

    @keyword
    def public_key_pem_should_be_published(self) -> None:
        """Fail unless ``/public-key.pem`` is the PEM text of one of the published keys."""
        answer = client().send(calls.auth_call(auth(), "/public-key.pem"))
        if not answer.headers.get("content-type", "").startswith("text/plain"):
            raise AssertionError(f"/public-key.pem is of type {answer.headers.get('content-type')}, not text/plain")
        found = signing.modulus_of_pem(answer.content)
        if found not in [key["n"] for key in published_keys()["keys"]]:
            raise AssertionError("/public-key.pem is none of the keys of /jwks")

    @keyword
    def dev_login_should_be_refused(self, telegram_id: str, username: str, expect: Expected) -> None:
        """Fail unless the development login refuses this body; values are JSON, ``(missing)`` leaves one out."""
        need("dev login")
        given = {"telegram_id": telegram_id, "username": username}
        body = {name: json.loads(value) for name, value in given.items() if value != "(missing)"}
        client().send(calls.auth_call(auth(), "/auth/login", body=body), expect)

    @keyword
    def init_data_should_be_refused(self, change: str, expect: Expected) -> Answer:
        """Fail unless Telegram init data with one thing wrong is refused so; changes stand in the code below."""
        need("telegram login")
        return client().send(calls.telegram_login(auth(), bad_init_data(change)), expect)


def bad_init_data(change: str) -> str | None:
    """Return init data with one thing wrong. Raises ValueError when the change is not known."""
    telegram_id = new_telegram_id()
    good = signed_init_data(telegram_id)
    changes: dict[str, dict[str, str | None]] = {
        "older than a day": {"auth_date": str(int(time.time()) - DAY - 60)},
        "without auth_date": {"auth_date": None},
        "without user": {"user": None},
        "user without id": {"user": json.dumps({"first_name": "Nobody"})},
        "user without first_name": {"user": json.dumps({"id": telegram_id})},
        "user that is no JSON": {"user": "somebody"},
    }
    if change in changes:
        return signed_init_data(telegram_id, changes[change])
    other = "0" if good[-1] != "0" else "1"
    spoiled: dict[str, str | None] = {
        "no header": None,
        "empty header": "",
        "no key and value": "%%%",
        "without hash": good.partition("&hash=")[0],
        "changed hash": good[:-1] + other,
        "changed user": good.replace("Player", "Prayer"),
        "added field": f"{good}&is_premium=true",
        "hash by another bot": tokens.init_data("1:another-bot", {"auth_date": str(int(time.time())), "user": "{}"}),
    }
    if change not in spoiled:
        raise ValueError(f"there is no change {change!r}; there are: {'; '.join([*changes, *spoiled])}")
    return spoiled[change]
