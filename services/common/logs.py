"""Structured logs: one JSON object a line on stdout (contract, section 6: logs)."""

import logging
import re
import sys
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import msgspec

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

_LEVELS = {number: name.lower() for name, number in logging.getLevelNamesMapping().items()}
_encode = msgspec.json.Encoder(enc_hook=str).encode
# A line in all, in bytes, and a member of a line that is too long, in characters.
MAX_LINE = 16_384
MAX_MEMBER = 2_000
MAX_PATH = 256
# A part of a path that is longer than any word of ours; an id may be.
_OPAQUE = re.compile(r"[^/]{20,}")
_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def harmless(path: str) -> str:
    """Return a path that a caller has made up as a log may show it: short, and without what may be a secret."""
    return _OPAQUE.sub(lambda part: part[0] if _ID.fullmatch(part[0]) else "[hidden]", path)[:MAX_PATH]


def _bounded(line: dict[str, Any]) -> bytes:
    encoded: bytes = _encode(line)
    if len(encoded) <= MAX_LINE:
        return encoded
    # The end of a trace tells more than its beginning.
    short = {name: value if len(str(value)) <= MAX_MEMBER else str(value)[-MAX_MEMBER:] for name, value in line.items()}
    return _encode(short)


def compose(service: str, created: float, level: str, message: str, fields: Any) -> dict[str, Any]:
    """Return a line's members; ``created`` is in seconds since 1970."""
    line: dict[str, Any] = {
        "timestamp": datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "message": message,
        "service": service,
    }
    current = request_id.get()
    if current is not None:
        line["request_id"] = current
    if isinstance(fields, dict):
        line.update(fields)
    return line


class JsonFormatter(logging.Formatter):
    """Turns a record into one JSON object; fields given as ``extra={"fields": {...}}`` become its members."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", None)
        line = compose(self._service, record.created, record.levelname.lower(), record.getMessage(), fields)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["stack"] = "".join(traceback.format_exception(*record.exc_info))
        return _bounded(line).decode()


class Lines:
    """Writes what stands in the log for every request, without a logging record around it: half the time."""

    def __init__(self) -> None:
        self._service = ""
        self._level = logging.CRITICAL + 1

    def configure(self, service: str, level: int) -> None:
        """Write lines of this service from the given level up."""
        self._service, self._level = service, level

    def write(self, level: int, message: str, fields: dict[str, Any]) -> None:
        """Write one line to stdout."""
        if level >= self._level:
            line = compose(self._service, time.time(), _LEVELS[level], message, fields)
            sys.stdout.buffer.write(_bounded(line) + b"\n")
            sys.stdout.buffer.flush()


_lines = Lines()
write = _lines.write


def configure_logging(service: str, level: str) -> None:
    """Send every record of this process to stdout as JSON, from the given level up."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _lines.configure(service, root.level)
    # The access line is ours; these would repeat it in another form.
    for noisy in ("uvicorn.access", "uvicorn.error", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
