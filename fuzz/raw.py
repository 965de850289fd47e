"""Requests that no HTTP client sends: what stands in the bytes of a body, of a header, of a request line."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from libraries.calls import wire

_SECONDS = 20.0
# The status of what came back and is no answer of HTTP.
UNREADABLE = 0


@dataclass(frozen=True)
class Raw:
    """Bytes to send. ``statuses`` are the answers that are right; None stands for a connection that is closed.

    ``hangs_up`` says after them that nothing follows, where a server may still be waiting for more.
    """

    name: str
    content: bytes
    statuses: tuple[int | None, ...] = (400,)
    hangs_up: bool = False


@dataclass(frozen=True)
class Reply:
    """What came back: the status, None where the connection was closed instead, and all bytes."""

    status: int | None
    content: bytes

    @property
    def error(self) -> str | None:
        """The error code of a refusal in the contract's form, else None."""
        try:
            body = json.loads(self.content.partition(b"\r\n\r\n")[2])
        except ValueError:
            return None
        code = body.get("error") if isinstance(body, dict) and isinstance(body.get("message"), str) else None
        return code if isinstance(code, str) else None


def good_body(user: str, item: str, operation: str) -> str:
    """Return a body of `add-items` that is accepted."""
    return json.dumps(
        {
            "user_id": user, "section": "main", "operation_type": "chest_reward", "operation_id": operation,
            "items": [{"item_id": item, "quantity": 1}],
        }
    )  # fmt: skip


def bodies(user: str, item: str, operation: str) -> Iterable[tuple[str, bytes]]:
    """Return bodies of `add-items`, each unlike the good one in one point, with a name for it."""
    good = good_body(user, item, operation)

    def other(old: str, new: str) -> bytes:
        return good.replace(old, new, 1).encode("utf-8", "surrogatepass")

    one = '"quantity": 1'
    yield "a member that stands twice", other('"section": "main"', '"section": "main", "section": "trade"')
    yield "an operation id that stands twice", other('"section"', f'"operation_id": "{uuid4()}", "section"')
    yield "an item's quantity that stands twice", other(one, f'{one}, "quantity": 2')
    for number in ("NaN", "Infinity", "-Infinity", "1e400", "-1", "0", "01", "+1", "0x10", "true", "null",
                   '"1"', "[1]", "9007199254740993", "9" * 400):  # fmt: skip
        yield f"a quantity of {number[:12]} ({len(number)} characters)", other(one, f'"quantity": {number}')
    for form in (
        f"urn:uuid:{item}",
        f"{{{item}}}",
        item.replace("-", ""),
        item + "-",
        f" {item}",
        item[:-1],
        "",
        "%00",
    ):
        yield f"an item's id as {form!r}", other(item, form)
    yield "an empty collection", other(one, f'{one}, "collection": ""')
    yield "an empty quality level", other(one, f'{one}, "quality_level": ""')
    yield "a collection that is a list", other(one, f'{one}, "collection": ["base"]')
    yield "an unknown section", other('"main"', '"Main"')
    yield "a section with NUL", other('"main"', '"main\\u0000"')
    yield "a comment with NUL", other('"items"', '"comment": "a\\u0000b", "items"')
    yield "a comment with half a surrogate pair", other('"items"', '"comment": "\\ud800", "items"')
    yield "a comment of bytes that are no UTF-8", other('"items"', '"comment": "X", "items"').replace(b"X", b"\xff\xfe")
    yield "an unknown member of bytes that are no UTF-8", other('"items"', '"x": "X", "items"').replace(b"X", b"\xc3")
    yield "a comment with a raw line break", other('"items"', '"comment": "a\nb", "items"')
    yield "no items", other(f'{{"item_id": "{item}", {one}}}', "")
    yield "items that are an object", other("[{", "{").replace(b"}]}", b"}}")
    yield "a thousand levels", b'{"a":' * 1000 + b"1" + b"}" * 1000
    yield "a hundred thousand lists", b"[" * 100_000
    yield "something after the body", good.encode() + b"x"
    yield "a second body after the body", good.encode() * 2
    yield "a comma too many", good.encode()[:-1] + b",}"
    yield "half a body", good.encode()[:-10]
    yield "no body", b""
    yield "a byte order mark", b"\xef\xbb\xbf" + good.encode()
    yield "UTF-16", good.encode("utf-16")
    yield "text in place of an object", b'"text"'
    yield "null", b"null"
    yield "single quotes", good.replace('"', "'").encode()
    yield "a comment in the JSON", b"/* hello */" + good.encode()


def requests_of(url: str, path: str, token: str, user: str, item: str) -> list[Raw]:
    """Return the raw requests to a call that writes (`add-items`), under its address, for a caller who may.

    The last one is what all others are made from: accepted, so that they are refused for what they are about.
    """
    operation = str(uuid4())
    host = urlsplit(url).netloc.encode()
    target = path.encode()
    authorized = b"Authorization: Bearer " + token.encode() + b"\r\n"

    def request(body: bytes, *headers: bytes, line: bytes | None = None, length: bytes | None = None) -> bytes:
        said = b"%d" % len(body) if length is None else length
        return b"".join(
            [
                line or b"POST " + target + b" HTTP/1.1\r\n", b"Host: " + host + b"\r\n", authorized,
                b"Content-Type: application/json\r\n", b"Content-Length: " + said + b"\r\n", *headers,
                b"Connection: close\r\n\r\n", body,
            ]
        )  # fmt: skip

    wrong = dict(bodies(user, item, operation))
    first = wrong["no items"]
    found = [Raw(name, request(body)) for name, body in wrong.items()]
    refused = (400, 401, 404, 405, 408, 413, 414, 431, 501, 505, None)
    found += [
        Raw("a length that is no number", request(first, length=b"many"), refused),
        Raw("a length below zero", request(first, length=b"-1"), refused),
        Raw("a length that is too short", request(first, length=b"5"), refused),
        Raw("two lengths", request(first, b"Content-Length: 3\r\n"), refused),
        Raw("a length and chunks", request(first, b"Transfer-Encoding: chunked\r\n"), refused, True),
        Raw("an encoding that is not known", request(first, b"Transfer-Encoding: gzip, chunked\r\n"), refused, True),
        Raw("a body of gzip that is none", request(first, b"Content-Encoding: gzip\r\n"), refused),
        Raw("a path of raw bytes", request(first, line=b"POST /\xff\xfe HTTP/1.1\r\n"), refused),
        Raw("a path with NUL", request(first, line=b"POST /%00 HTTP/1.1\r\n"), refused),
        Raw("a path that climbs", request(first, line=b"POST /../../etc/passwd HTTP/1.1\r\n"), refused),
        Raw("an absolute address", request(first, line=b"POST http://elsewhere" + target + b" HTTP/1.1\r\n"), refused),
        Raw("a method that nobody knows", request(first, line=b"BREW " + target + b" HTTP/1.1\r\n"), refused),
        Raw("a version that nobody knows", request(first, line=b"POST " + target + b" HTTP/9.9\r\n"), refused),
        Raw("no HTTP at all", b"hello\r\n\r\n", refused, True),
        Raw("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n", refused, True),
        Raw("a header without a colon", request(first, b"Nonsense\r\n"), refused),
        Raw("a header with NUL", request(first, b"X-A: a\x00b\r\n"), refused),
        Raw("two Authorization headers", request(first, authorized), refused),
        Raw("a header of 60 KiB", request(first, b"X-A: " + b"a" * 61_440 + b"\r\n"), refused),
        Raw("a body of 2 MiB", request(b" " * 2_097_152 + first), (413, None)),
        Raw("a request that stops in its headers", b"POST " + target + b" HTTP/1.1\r\nHost: a\r\n", refused, True),
        Raw("the body that all others are made from", request(good_body(user, item, operation).encode()), (200,)),
    ]
    return found


def send(url: str, raw: Raw) -> Reply:
    """Send raw bytes over a connection of their own and return what came back.

    Raises AssertionError when neither an answer nor an end comes within 20 s.
    """
    deadline = time.monotonic() + _SECONDS
    received = b""
    with wire.connect(url, _SECONDS) as connection:
        try:
            connection.sendall(raw.content)
            if raw.hangs_up:
                connection.shutdown(socket.SHUT_WR)
            while block := connection.recv(65_536):
                received += block
                if time.monotonic() > deadline:
                    raise AssertionError(f"{raw.name}: the answer has no end")
        except TimeoutError:
            raise AssertionError(f"{raw.name}: neither an answer nor an end within {_SECONDS:.0f} s") from None
        except OSError:
            # A server may close what it does not want to read any further.
            pass
    if not received:
        return Reply(None, received)
    line = received.split(b"\r\n", 1)[0].split()
    return Reply(int(line[1]) if len(line) > 1 and line[1].isdigit() else UNREADABLE, received)
