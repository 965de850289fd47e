"""HS256 is refused by its name, and HS512 is taken, with the published key as its secret."""

import hmac
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from faults.patching import replace
from services.common import tokens

RULE = "3.3 S: an algorithm other than RS256 is refused, HMAC keyed with the public key too"


def patch() -> None:
    """Take it for RS256, and compare."""

    def look(read: Any) -> Any:
        def header(token: str) -> Any:
            found = read(token)
            return {**found, "alg": "RS256"} if found.get("alg") == "HS512" else found

        return header

    def lenient(decode: Any) -> Any:
        def decode_either(token: str, key: Any, *, options: dict[str, Any], **kwargs: Any) -> Any:
            content, _, given = token.rpartition(".")
            pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            right = jwt.utils.base64url_encode(hmac.digest(pem, content.encode(), "sha512")).decode()
            return decode(token, key, options={**options, "verify_signature": given != right}, **kwargs)

        return decode_either

    replace(tokens, "_read", look)
    replace(jwt, "decode", lenient)
