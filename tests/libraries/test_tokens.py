"""Tokens that do not show themselves, forged ones, and init data."""

from __future__ import annotations

import hmac
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from libraries.tokens import forging, token
from libraries.tokens.keys import KeySet, read_key_set, read_private_key, sign, spelled, verified_claims
from libraries.tokens.keywords import TokenKeywords
from libraries.tokens.token import Player, Token, claims_for, encoded, encoded_bytes, init_data_hash

USER = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def key_file(key: RSAPrivateKey, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("keys") / "key.pem"
    path.write_bytes(private_pem(key))
    return str(path)


@pytest.fixture(scope="module")
def published(key: RSAPrivateKey) -> KeySet:
    entry = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "k1", "use": "sig", "alg": "RS256"}
    return read_key_set(json.dumps({"keys": [entry]}))


@pytest.fixture(scope="module")
def good(key: RSAPrivateKey) -> Token:
    start = f"{encoded({'alg': 'RS256', 'typ': 'JWT', 'kid': 'k1'})}.{encoded(claims_for(USER, 77, []))}"
    return Token(f"{start}.{encoded_bytes(sign(start, key, 'RS256'))}")


def private_pem(key: RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_token_never_shows_itself(good: Token) -> None:
    player = Player(USER, 77, good)
    header = TokenKeywords().with_token("Bearer TOKEN", player)
    for text in (
        str(good),
        repr(good),
        f"{good}",
        repr({"token": [good]}),
        str(player),
        repr(player),
        repr({"Authorization": header}),
    ):
        assert good.value.split(".")[2] not in text
    assert str(good).startswith("<token …")
    assert header == f"Bearer {good.value}"


def test_tokens_are_equal_by_value(good: Token) -> None:
    assert good == Token(good.value)
    assert good != Token("other")
    value: Any = good.value
    assert good != value
    assert len({good, Token(good.value)}) == 1


def test_a_signed_token_stands_up_to_the_published_key(good: Token, published: KeySet) -> None:
    claims = verified_claims(good, published)
    assert (claims["sub"], claims["telegram_id"], claims["roles"]) == (USER, 77, [])
    assert claims["exp"] - claims["iat"] == 24 * 3600
    assert published.find("k1").key_size == 2048


def test_verification_tells_why_not(good: Token, published: KeySet) -> None:
    with pytest.raises(AssertionError, match="does not stand up to the published key"):
        verified_claims(Token(good.value[:-20]), published)
    with pytest.raises(AssertionError, match="publishes no key 'k1'"):
        verified_claims(good, KeySet({}))
    with pytest.raises(AssertionError, match="is no JWT"):
        verified_claims(Token("nonsense"), published)


def test_a_pem_is_a_key_set_without_ids(key: RSAPrivateKey, good: Token) -> None:
    keys = read_key_set(spelled(key.public_key(), "").decode())
    assert verified_claims(good, keys)["sub"] == USER
    assert keys.kid_of(key.public_key()) is None


@pytest.mark.parametrize("text", ["nonsense", "{}", '{"keys": [{"kty": "RSA"}]}', '{"keys": 5}', "", "{"])
def test_what_is_no_key_is_named(text: str) -> None:
    with pytest.raises(AssertionError, match="the published key cannot be read"):
        read_key_set(text)


def test_a_key_that_is_not_published_is_named(key: RSAPrivateKey, published: KeySet) -> None:
    assert published.kid_of(key.public_key()) == "k1"
    with pytest.raises(AssertionError, match="TARGET_SIGNING_KEY_FILE is none of those that the target publishes"):
        published.kid_of(generate_private_key(65537, 2048).public_key())


def test_a_key_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"TARGET_SIGNING_KEY_FILE .*gone\.pem cannot be read: FileNotFoundError"):
        read_private_key(str(tmp_path / "gone.pem"))
    path = tmp_path / "key.pem"
    path.write_bytes(private_pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(AssertionError, match="holds no RSA key"):
        read_private_key(str(path))


def forged(good: Token, published: KeySet, key_file: str, by: forging.Signer = "before", **how: Any) -> Token:
    text = how.pop("text", "HEADER.PAYLOAD.SIGNATURE")
    return forging.forge_token(good, published, key_file, by, text, how)


def passes(one: Token, published: KeySet) -> bool:
    """Judge a token as a careful service would."""
    required = ["exp", "iss", "sub", "jti", "telegram_id"]
    try:
        entry = published.find(jwt.get_unverified_header(one.value).get("kid"))
        claims = jwt.decode(one.value, entry, algorithms=["RS256"], issuer=token.ISSUER, options={"require": required})
    except (jwt.InvalidTokenError, AssertionError):
        return False
    return bool(claims["sub"] == USER)


@pytest.mark.parametrize(
    "how",
    [
        {"sub": "(new)"}, {"roles": '["admin"]'}, {"text": "HEADER.PAYLOAD.CUT"}, {"text": "HEADER.PAYLOAD.FLIPPED"},
        {"text": "HEADER.PAYLOAD"}, {"text": "not-a-jwt"}, {"by": "nobody"}, {"by": "stranger"},
        {"by": "nobody", "alg": "none"}, {"by": "public key", "alg": "HS256"}, {"by": "stranger", "kid": "(new)"},
        {"by": "target", "kid": "(new)"}, {"by": "target", "exp": "now - 60"}, {"by": "target", "iss": "(missing)"},
        {"by": "target", "exp": "(missing)"}, {"by": "target", "jti": "(missing)"}, {"by": "target", "nbf": "now + 99"},
        {"by": "target", "alg": "RS512"}, {"by": "target", "alg": "PS256"},
    ],
    ids=str,
)  # fmt: skip
def test_a_forgery_is_no_good_token(how: dict[str, Any], good: Token, published: KeySet, key_file: str) -> None:
    made = forged(good, published, key_file, **how)
    assert made != good
    assert not passes(made, published)


def test_nothing_changed_is_the_same_token_and_a_signed_change_is_good(
    good: Token, published: KeySet, key_file: str
) -> None:
    assert forged(good, published, key_file) == good
    again = forged(good, published, key_file, "target", jti="(new)")
    assert again != good
    assert passes(again, published)


@pytest.mark.parametrize(
    ("how", "begins", "ends"),
    [
        ("public key", b"-----BEGIN PUBLIC", b"-----\n"),
        ("public key without its last newline", b"-----BEGIN PUBLIC", b"-----"),
        ("public key as PKCS1", b"-----BEGIN RSA PUBLIC", b"-----\n"),
        ("public key as DER", b"0\x82", b""),
    ],
)
@pytest.mark.parametrize("bits", ["256", "384", "512"])
def test_a_key_of_hmac_is_the_published_one_however_it_is_spelled(
    good: Token, published: KeySet, key: RSAPrivateKey, key_file: str, how: Any, begins: bytes, ends: bytes, bits: str
) -> None:
    secret = spelled(key.public_key(), how)
    assert secret.startswith(begins)
    assert secret.endswith(ends)
    start, _, signature = forged(good, published, key_file, how, alg=f"HS{bits}").value.rpartition(".")
    assert signature == encoded_bytes(hmac.digest(secret, start.encode(), f"sha{bits}"))


def test_words_become_values() -> None:
    assert abs(forging.value_of("now - 60") - (time.time() - 60)) < 5
    assert forging.value_of("[1]") == [1]
    assert forging.value_of("admin") == "admin"
    assert forging.value_of(5) == 5
    assert len(forging.value_of("(new)")) == 36


def test_members_are_changed_in_one_place() -> None:
    body: dict[str, Any] = {"items": [{"quantity": 1}, {"quantity": 2}], "user_id": "u"}
    forging.change(body, "items.0.quantity", '"5"')
    forging.change(body, "items.1", forging.MISSING)
    forging.change(body, "user_id", forging.MISSING)
    forging.change(body, "never.was".partition(".")[0], forging.MISSING)
    assert body == {"items": [{"quantity": "5"}]}


def test_a_service_token_has_no_telegram_id() -> None:
    assert "telegram_id" not in claims_for(USER, None, ["internal"])


def sent(changes: dict[str, Any], after: dict[str, str] | None = None, text: str = "DATA") -> dict[str, str]:
    return dict(parse_qsl(forging.init_data("1:bot", 5, changes, after or {}, text), keep_blank_values=True))


def test_init_data_is_signed_as_telegram_does() -> None:
    fields = sent({"user.first_name": "Ä & B"})
    assert json.loads(fields["user"])["first_name"] == "Ä & B"
    assert fields.pop("hash") == init_data_hash("1:bot", fields)
    assert init_data_hash("1:bot", fields) != init_data_hash("2:bot", fields)


def test_letters_stand_in_init_data_as_they_are_but_for_halves_of_them() -> None:
    assert '"first_name":"Ä"' in sent({"user.first_name": "Ä"})["user"]
    assert "\\ud83d" in sent({"user.first_name": "a\ud83d"})["user"]
    assert "+" not in forging.init_data("1:bot", 5, {"user.first_name": "a b"}, {}, "DATA")


def test_init_data_is_changed_before_or_after_it_is_signed() -> None:
    before = sent({"auth_date": "now - 90000", "user": "(missing)"})
    assert "user" not in before
    assert before.pop("hash") == init_data_hash("1:bot", before)
    for after in ({"hash": "FLIPPED"}, {"query_id": "another"}):
        fields = sent({}, after)
        assert fields.pop("hash") != init_data_hash("1:bot", fields)
    assert "hash" not in sent({}, {"hash": "(missing)"})
    moved = sent({}, {"hash": "FIRST"})
    assert next(iter(moved)) == "hash"
    assert moved.pop("hash") == init_data_hash("1:bot", moved)
    assert sent({}, text="DATA&is_premium=true")["is_premium"] == "true"


def test_what_stands_in_a_header_shows_a_stub(good: Token) -> None:
    header = TokenKeywords().with_token("Basic TOKEN", good)
    assert header == f"Basic {good.value}"
    assert repr(header) == "'<hidden>'"
