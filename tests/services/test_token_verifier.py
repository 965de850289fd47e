"""Contract, section 3: every reason to refuse a token, and what the verifier remembers."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import PyJWK
from jwt.algorithms import RSAAlgorithm

from services.common import tokens
from services.common.errors import Refusal
from services.common.tokens import Claims, TokenVerifier, bearer, identify, required_jti
from tests.services.world import new_id, sign


def now() -> int:
    """Return the time in seconds: of the call, for a run of all tests takes longer than some of these tokens live."""
    return int(time.time())


class Keys:
    """A key source whose keys the test changes."""

    def __init__(self) -> None:
        self.generation = 0
        self.asked = 0
        self.known: dict[str, PyJWK] = {}

    async def find(self, kid: str | None) -> list[PyJWK]:
        self.asked += 1
        return [key for name, key in self.known.items() if kid in (None, name)]


def new_pem() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind = serialization.PrivateFormat.PKCS8
    return made.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


def public_key(pem: str) -> rsa.RSAPublicKey:
    private = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    return private.public_key()


PEM = new_pem()
OTHER_PEM = new_pem()
PUBLIC_PEM = public_key(PEM).public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def keys() -> Keys:
    made = Keys()
    made.known["k1"] = PyJWK(RSAAlgorithm.to_jwk(public_key(PEM), as_dict=True) | {"alg": "RS256", "kid": "k1"})
    return made


@pytest.fixture
def verifier(keys: Keys) -> TokenVerifier:
    return TokenVerifier(keys)


def verify(verifier: TokenVerifier, token: str) -> Claims:
    return asyncio.run(verifier.verify(token))


def refusal(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Refusal) as raised:
        call()
    return raised.value.status, raised.value.code


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def payload_of(token: str) -> dict[str, object]:
    known: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return known


def raw_token(payload: bytes) -> str:
    return jwt.api_jws.encode(payload, PEM, algorithm="RS256", headers={"kid": "k1"})


PAYLOAD = json.dumps(payload_of(sign(PEM, "k1"))).encode()


def unsigned() -> str:
    return f"{part({'alg': 'none', 'kid': 'k1'})}.{part(payload_of(sign(PEM, 'k1')))}."


def keyed_with_the_public_key() -> str:
    text = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(payload_of(sign(PEM, 'k1')))}"
    mac = hmac.new(PUBLIC_PEM, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def with_algorithm(name: str) -> str:
    return jwt.encode(payload_of(sign(PEM, "k1")), PEM, algorithm=name, headers={"kid": "k1"})


def tampered() -> str:
    header, payload, signed = sign(PEM, "k1").split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{part(claims | {'roles': ['admin']})}.{signed}"


UNTRUSTED = {
    "no JWT": lambda: "abc",
    "two parts": lambda: "abc.def",
    "not base64": lambda: "é.é.é",
    "header no object": lambda: f"{part([1])}.{part({})}.AA",
    "header nested deeply": lambda: base64.urlsafe_b64encode(b"[" * 30_000).decode() + ".e30.AA",
    "kid no text": lambda: f"{part({'alg': 'RS256', 'kid': 5})}.{part({})}.AA",
    "alg none": unsigned,
    "HS256 keyed with the public key": keyed_with_the_public_key,
    "RS512": lambda: with_algorithm("RS512"),
    "PS256": lambda: with_algorithm("PS256"),
    "another key": lambda: sign(OTHER_PEM, "k1"),
    "another key, no kid": lambda: sign(OTHER_PEM, None),
    "unknown kid": lambda: sign(PEM, "k2"),
    "tampered": tampered,
    "no signature": lambda: sign(PEM, "k1").rpartition(".")[0] + ".",
    "wrong issuer": lambda: sign(PEM, "k1", iss="somebody"),
    "no issuer": lambda: sign(PEM, "k1", ("iss",)),
    "not yet valid": lambda: sign(PEM, "k1", nbf=now() + 600),
    "no end": lambda: sign(PEM, "k1", ("exp",)),
    "end no number": lambda: sign(PEM, "k1", exp="soon"),
    "end in digits": lambda: sign(PEM, "k1", exp="99999999999"),
    "end beyond all time": lambda: sign(PEM, "k1", exp=10**400),
    "end without end": lambda: raw_token(b'{"exp": 1e400, "iss": "shard-legends-auth"}'),
    "end in a list": lambda: sign(PEM, "k1", exp=[now() + 600]),
    "beginning null": lambda: sign(PEM, "k1", nbf=None),
    "beginning in digits": lambda: sign(PEM, "k1", nbf="5"),
    "a claim twice": lambda: raw_token(PAYLOAD[:-1] + b', "sub": "somebody"}'),
    "a claim twice, one escaped": lambda: raw_token(PAYLOAD[:-1] + b', "s\\u0075b": "somebody"}'),
    "claims nested deeply": lambda: raw_token(b"[" * 30_000),
    "claims no object": lambda: raw_token(b"[1]"),
    "claims no UTF-8": lambda: raw_token(PAYLOAD[:-1] + b', "x": "\xff"}'),
}


@pytest.mark.parametrize("make", UNTRUSTED.values(), ids=UNTRUSTED.keys())
def test_untrusted_token_is_refused(verifier: TokenVerifier, make: Callable[[], str]) -> None:
    assert refusal(lambda: verify(verifier, make())) == (401, "invalid_token_signature")


def test_expired_token_is_refused(verifier: TokenVerifier) -> None:
    assert refusal(lambda: verify(verifier, sign(PEM, "k1", exp=now() - 31))) == (401, "token_expired")


def test_claims_are_read(verifier: TokenVerifier) -> None:
    user, jti = new_id(), new_id()
    roles = ["internal", 5]
    claims = verify(verifier, sign(PEM, "k1", sub=user, jti=jti, roles=roles, service="forge", nbf=now() - 5))
    assert (claims.sub, claims.jti, claims.service, claims.has_telegram_id) == (user, jti, "forge", True)
    assert claims.roles == {"internal"}


def test_token_without_kid_is_tried_with_every_key(verifier: TokenVerifier) -> None:
    assert verify(verifier, sign(PEM, None)).jti


@pytest.mark.parametrize("roles", [None, "admin", {"admin": True}])
def test_roles_that_are_no_list_give_no_role(verifier: TokenVerifier, roles: object) -> None:
    assert verify(verifier, sign(PEM, "k1", roles=roles)).roles == frozenset()


@pytest.mark.parametrize("value", ["5", True, None, 5.5])
def test_telegram_id_must_be_a_whole_number(verifier: TokenVerifier, value: object) -> None:
    claims = verify(verifier, sign(PEM, "k1", telegram_id=value))
    assert refusal(lambda: identify(claims)) == (401, "missing_telegram_id")


def test_service_needs_no_telegram_id(verifier: TokenVerifier) -> None:
    claims = verify(verifier, sign(PEM, "k1", ("telegram_id",), roles=["internal"]))
    assert identify(claims).roles == {"internal"}


@pytest.mark.parametrize("value", ["", "me", 5, None])
def test_sub_must_be_a_uuid(verifier: TokenVerifier, value: object) -> None:
    claims = verify(verifier, sign(PEM, "k1", sub=value))
    assert refusal(lambda: identify(claims)) == (401, "missing_user_id")


@pytest.mark.parametrize("value", ["", 5, None])
def test_jti_must_be_there(verifier: TokenVerifier, value: object) -> None:
    claims = verify(verifier, sign(PEM, "k1", jti=value))
    assert refusal(lambda: required_jti(claims)) == (401, "missing_token_id")


def test_signature_is_checked_once(verifier: TokenVerifier, keys: Keys) -> None:
    token = sign(PEM, "k1")
    assert verify(verifier, token) is verify(verifier, token)
    assert keys.asked == 1


def test_remembered_token_expires(verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = now() + 600
    token = sign(PEM, "k1", exp=ends)
    verify(verifier, token)
    monkeypatch.setattr(time, "time", lambda: ends + 0.5)
    assert refusal(lambda: verify(verifier, token)) == (401, "token_expired")


def test_withdrawn_key_clears_what_was_remembered(verifier: TokenVerifier, keys: Keys) -> None:
    token = sign(PEM, "k1")
    verify(verifier, token)
    keys.known.clear()
    keys.generation += 1
    assert refusal(lambda: verify(verifier, token)) == (401, "invalid_token_signature")


def test_longest_unused_token_is_forgotten_first(
    verifier: TokenVerifier, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 2)
    first, second, third = (sign(PEM, "k1") for _ in range(3))
    for token in (first, second, first, third):
        verify(verifier, token)
    assert keys.asked == 3
    verify(verifier, first)
    assert keys.asked == 3
    verify(verifier, second)
    assert keys.asked == 4


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "missing_token"),
        ("", "invalid_token_format"),
        ("Bearer", "invalid_token_format"),
        ("Bearer  ", "invalid_token_format"),
        ("Basic abc", "invalid_token_format"),
        ("Bearer a b", "invalid_token_format"),
        ("Bearer  abc", "invalid_token_format"),
        ("Bearer abc ", "invalid_token_format"),
        ("Bearer abc\xa0", "invalid_token_format"),
        ("Bearer\tabc", "invalid_token_format"),
        ("Bearer abc, Bearer abc", "invalid_token_format"),
        ("abc", "invalid_token_format"),
    ],
)
def test_header_must_be_bearer_and_a_token(header: str | None, expected: str) -> None:
    assert refusal(lambda: bearer(header)) == (401, expected)


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER abc"])
def test_scheme_is_read_leniently(header: str) -> None:
    assert bearer(header) == "abc"
