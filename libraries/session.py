"""What the libraries of one process share: the client, the service's token, the published keys."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robot.api import SkipExecution

from libraries import calls, evidence
from libraries.client import Client
from libraries.preparing import target
from libraries.target import Instance, lacks
from libraries.tokens import Token, claims_for

if TYPE_CHECKING:
    from libraries.signing import Signer

_service: tuple[Token, float] | None = None


def need(*parts: str) -> None:
    """Skip the running test, with the reason, when the target lacks one of the parts."""
    reasons = [reason for part in parts if (reason := lacks(target(), part))]
    if reasons:
        raise SkipExecution("; ".join(reasons))


@cache
def client() -> Client:
    """The HTTP client of this process."""
    evidence.log_files = _log_files
    evidence.ended = _ended
    return Client(target().timeout_seconds)


def _log_files() -> list[Path]:
    found = target().stack
    return [] if found is None else sorted((Path(found.run_dir) / "logs").glob("*.log"))


def _ended() -> list[str]:
    found = target().stack
    dead = [] if found is None else found.refreshed().dead
    return [f"{one.name} has ended with exit code {one.exit_code}; the end of its log:\n{one.log_tail}" for one in dead]


def instance(at: Instance | None) -> Instance:
    """Return the instance that a call goes to."""
    return at or target().first


def auth() -> str:
    """Return the auth service's address, or skip the test."""
    need("auth service")
    return str(target().auth)


def published_keys() -> dict[str, Any]:
    """Return the auth service's key set as it is now."""
    answer = client().send(calls.auth_call(auth(), "/jwks"))
    if not isinstance(answer.body, dict):
        raise AssertionError(f"/jwks is no JSON object: {answer.text[:200]}")
    return answer.body


@cache
def signer() -> Signer:
    """Return a signer with the target's signing key, or skip the test."""
    from libraries.signing import Signer

    need("signing key")
    return Signer.from_file(str(target().signing_key_file), published_keys())


def service_token() -> Token | None:
    """Return the token of internal calls (one for all tests of this process), None where the network is the guard.

    Skips the test when the target needs one and there is no way to get it.
    """
    global _service
    need("internal calls")
    if target().internal_auth == "network":
        return None
    if _service is None or _service[1] < time.time() + 60:
        token = _new_service_token()
        _service = (token, float(token.claims["exp"]))
    return _service[0]


def _new_service_token() -> Token:
    found = target()
    if lacks(found, "service credentials") is None and found.service_secret is not None:
        body = {"service": found.service_name, "secret": found.service_secret.value}
        answer = client().send(calls.auth_call(auth(), "/auth/service-token", body=body))
        return Token(answer.body["token"])
    if found.service_token is not None:
        return Token(found.service_token.value)
    if lacks(found, "signing key") is None:
        claims = claims_for(calls.new_id(), None, ["internal"]) | {"service": "proving-ground"}
        return signer().sign(claims)
    raise SkipExecution(
        f"target {found.name} wants a service token on internal calls: set TARGET_SERVICE_NAME and "
        "TARGET_SERVICE_SECRET, or TARGET_SERVICE_TOKEN, or TARGET_SIGNING_KEY_FILE"
    )
