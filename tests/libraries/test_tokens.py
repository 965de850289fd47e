"""Tokens, forgeries, init data."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import parse_qsl

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from libraries import signing, tokens
from libraries.forgeries import FORGERIES, NEED_PUBLIC_KEY, NEED_SIGNING_KEY, Material
from libraries.signing import Signer
from libraries.tokens import Token

USER = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def published(key: RSAPrivateKey) -> dict[str, object]:
    entry = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "k1", "use": "sig", "alg": "RS256"}
    return {"keys": [entry]}


@pytest.fixture(scope="module")
def good(key: RSAPrivateKey) -> Token:
    return Signer(key, "k1").sign(tokens.claims_for(USER, 77, []))


def pem_of(key: RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_token_never_shows_itself(good: Token) -> None:
    for text in (str(good), repr(good), f"{good}", repr({"token": [good]})):
        assert good.value not in text
        assert good.value.split(".")[2] not in text
    assert str(good).startswith("<token …")


def test_tokens_are_equal_by_value(good: Token) -> None:
    assert good == Token(good.value)
    assert good != Token("other")
    assert good != good.value
    assert len({good, Token(good.value)}) == 1


def test_a_signed_token_stands_up_to_the_published_key(good: Token, published: dict[str, object]) -> None:
    claims = signing.verified_claims(good, published)
    assert (claims["sub"], claims["telegram_id"], claims["roles"]) == (USER, 77, [])
    assert claims["exp"] - claims["iat"] == 24 * 3600
    assert good.header == {"alg": "RS256", "typ": "JWT", "kid": "k1"}


def test_the_kid_is_found_among_the_published_keys(
    key: RSAPrivateKey, published: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(pem_of(key))
    assert Signer.from_file(str(path), published).kid == "k1"
    assert Signer.from_file(str(path), {"keys": []}).kid is None


def test_a_key_file_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    with pytest.raises(ValueError, match=r"TARGET_SIGNING_KEY_FILE .*key\.pem cannot be read: FileNotFoundError"):
        Signer.from_file(str(path), {})
    path.write_bytes(pem_of(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(ValueError, match="holds no RSA key"):
        Signer.from_file(str(path), {})


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forgery_is_no_good_token(kind: str, good: Token, key: RSAPrivateKey, published: dict[str, object]) -> None:
    signer = Signer(key, "k1") if kind in NEED_SIGNING_KEY else None
    public = key.public_key() if kind in NEED_PUBLIC_KEY else None
    forged = FORGERIES[kind](Material(good, public, signer))
    assert forged != good
    assert not passes(forged, published)
    assert passes(good, published)


def passes(token: Token, published: dict[str, object]) -> bool:
    """Judge a token as a careful service would."""
    required = ["exp", "iss", "sub", "jti", "telegram_id"]
    try:
        entry = signing.public_key_of(published, jwt.get_unverified_header(token.value).get("kid"))
        claims = jwt.decode(
            token.value, entry, algorithms=["RS256"], issuer=tokens.ISSUER, options={"require": required}
        )
    except (jwt.InvalidTokenError, AssertionError):
        return False
    return bool(claims["sub"] == USER)


def test_changed_claims_leave_out_what_is_none() -> None:
    assert tokens.changed({"a": 1, "b": 2}, {"b": None, "c": 3}) == {"a": 1, "c": 3}


def test_a_service_token_has_no_telegram_id() -> None:
    assert "telegram_id" not in tokens.claims_for(USER, None, ["internal"])


def test_verification_tells_why_not(good: Token, published: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="does not stand up to the published key"):
        signing.verified_claims(Token(good.value[:-20]), published)
    with pytest.raises(AssertionError, match="publishes no key that fits"):
        signing.verified_claims(good, {"keys": []})


def test_modulus_of_pem(key: RSAPrivateKey, published: dict[str, list[dict[str, str]]]) -> None:
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert signing.modulus_of_pem(pem) == published["keys"][0]["n"]
    with pytest.raises(AssertionError, match="no PEM public key"):
        signing.modulus_of_pem(b"nonsense")
    other = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    with pytest.raises(AssertionError, match="no RSA key"):
        signing.modulus_of_pem(other)


def test_init_data_is_signed_as_telegram_does() -> None:
    fields = {"user": json.dumps({"id": 5, "first_name": "Ä & B"}), "auth_date": str(int(time.time()))}
    sent = dict(parse_qsl(tokens.init_data("1:bot", fields)))
    assert sent.pop("hash") == tokens.init_data_hash("1:bot", sent)
    assert tokens.init_data_hash("1:bot", fields) != tokens.init_data_hash("2:bot", fields)
