"""Tokens and init data with chosen parts, told in words, so that a table in a suite needs no Python."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode
from uuid import uuid4

from libraries.tokens.token import Token, encoded, encoded_bytes, init_data_hash

if TYPE_CHECKING:
    from libraries.tokens.keys import KeySet

MISSING = "(missing)"
_NOW = re.compile(r"now(?:\s*([+-])\s*(\d+))?")
_OF_THE_HEADER = frozenset({"alg", "kid", "typ", "jku", "jwk", "x5u", "crit", "cty"})
Signer = Literal[
    "before", "target", "stranger", "nobody", "public key", "public key without its last newline",
    "public key as DER", "public key as PKCS1",
]  # fmt: skip


def value_of(words: Any) -> Any:
    """Return the value that words tell; what is no text stays as it is."""
    if not isinstance(words, str):
        return words
    if words == "(new)":
        return str(uuid4())
    match = _NOW.fullmatch(words)
    if match:
        seconds = int(match[2] or 0)
        return int(time.time()) + (-seconds if match[1] == "-" else seconds)
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return words


def change(members: Any, path: str, words: Any) -> None:
    """Set a member (``user.id``, ``items.0.quantity``) to what words tell, or leave it out."""
    *parents, last = path.split(".")
    for step in parents:
        members = members[int(step)] if isinstance(members, list) else members[step]
    key: Any = int(last) if isinstance(members, list) else last
    if words != MISSING:
        members[key] = value_of(words)
    elif isinstance(members, list) or key in members:
        del members[key]


def forge_token(
    good: Token, keys: KeySet | None, private_key_file: str | None, signed_by: Signer, text: str,
    changes: Mapping[str, Any],
) -> Token:  # fmt: skip
    """Return a good token with header and claims changed, signed by somebody else or as before.

    ``text`` is the whole token: HEADER, PAYLOAD and SIGNATURE stand for its parts, CUT for the signature without its
    end, FLIPPED for the signature with one character changed.
    """
    from libraries.tokens import keys as own

    header, claims = dict(good.header), dict(good.claims)
    if signed_by == "target" and keys is not None:
        # The key at hand may not be the newest: the token has to name the one that signs it.
        kid = keys.kid_of(own.read_private_key(str(private_key_file)).public_key())
        header |= {"kid": kid} if kid else {}
    for name, words in changes.items():
        told = own.strangers_jwk() if words == "(stranger)" else words
        change(header if name in _OF_THE_HEADER else claims, name, told)
    is_new = bool(changes) or header != good.header
    start = f"{encoded(header)}.{encoded(claims)}" if is_new else good.value.rpartition(".")[0]
    if signed_by in ("before", "nobody"):
        signature = good.value.rpartition(".")[2] if signed_by == "before" else ""
    elif signed_by.startswith("public key"):
        secret = own.spelled((keys or own.KeySet({})).find(good.header.get("kid")), signed_by)
        bits = str(header.get("alg")).removeprefix("HS")
        digest = f"sha{bits}" if bits in ("384", "512") else "sha256"
        signature = encoded_bytes(hmac.digest(secret, start.encode(), digest))
    else:
        key = own.strangers_key() if signed_by == "stranger" else own.read_private_key(str(private_key_file))
        signature = encoded_bytes(own.sign(start, key, str(header.get("alg"))))
    # The last character holds padding bits that may not matter; the tenth from the end matters.
    flipped = signature[:-10] + ("B" if signature[-10:-9] == "A" else "A") + signature[-9:]
    parts = {
        "HEADER": start.partition(".")[0], "PAYLOAD": start.partition(".")[2], "SIGNATURE": signature,
        "CUT": signature[:-20], "FLIPPED": flipped,
    }  # fmt: skip
    return Token(re.sub("|".join(parts), lambda match: parts[match[0]], text))


def sign_claims(claims: dict[str, Any], keys: KeySet, private_key_file: str) -> Token:
    """Return a token with these claims, signed with the target's key. Raises AssertionError when it is another's."""
    unsigned = Token(f"{encoded({'alg': 'RS256', 'typ': 'JWT'})}.{encoded(claims)}.")
    return forge_token(unsigned, keys, private_key_file, "target", "HEADER.PAYLOAD.SIGNATURE", {})


def _as_telegram_does(value: Any) -> str:
    """Return JSON in which letters stand as they are, but for halves of them, which cannot."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value) if any("\ud800" <= letter <= "\udfff" for letter in text) else text


def init_data(bot_token: str, telegram_id: int, changes: Mapping[str, Any], after: Mapping[str, str], text: str) -> str:
    """Return Telegram init data (2.2), its fields changed before it is signed, or after that: see the keyword."""
    user = {"id": telegram_id, "first_name": f"Player {telegram_id % 10000}", "username": f"p{telegram_id:x}"}
    # Some seconds ago, as when somebody opens the game; and no two clocks are alike.
    at = int(time.time()) - 5
    fields: dict[str, Any] = {"auth_date": at, "query_id": secrets.token_hex(8), "user": user}
    for name, words in changes.items():
        change(fields, name, words)
    told = {name: value if isinstance(value, str) else _as_telegram_does(value) for name, value in fields.items()}
    told["hash"] = init_data_hash(bot_token, told)
    for name, words in after.items():
        if words == MISSING:
            told.pop(name, None)
        elif words == "FIRST":
            told = {name: told.pop(name), **told}
        elif words == "SHORTENED":
            told[name] = told[name][: len(told[name]) // 2]
        elif words == "FLIPPED":
            told[name] = told[name][:-1] + ("1" if told[name][-1:] == "0" else "0")
        else:
            told[name] = words
    # As Telegram writes it: a plus is a blank to some readers only.
    return text.replace("DATA", urlencode(told, safe="[", quote_via=quote))
