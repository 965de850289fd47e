"""Lets dialects change answers on their way out, whatever part of a service made them."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import Any

import msgspec

from faults.patching import replace
from services.common import http

Headers = list[tuple[bytes, bytes]]
_NOWHERE = "/no/such/path"


@dataclass
class Answer:
    """An answer that is about to leave, and the question it answers.

    ``path`` is the asked one, ``is_known`` says whether there is such a path, ``asked`` is the question's body.
    ``body`` is the decoded body of an answer that is a JSON object, else None; then ``content`` is what leaves.
    """

    path: str
    is_known: bool
    asked: bytes
    status: int
    headers: Headers
    content: bytes
    body: dict[str, Any] | None = None

    def refuse(self, status: int, code: str, message: str, **more: Any) -> None:
        """Become a refusal."""
        self.status = status
        self.body = {"error": code, "message": message, **more}

    def drop_header(self, name: bytes) -> None:
        """Leave a header out; ``name`` is in lower case."""
        self.headers = [(key, value) for key, value in self.headers if key.lower() != name]

    def become_text(self, text: str) -> None:
        """Become plain text."""
        self.body, self.content = None, text.encode()
        self.drop_header(b"content-type")
        self.headers.append((b"content-type", b"text/plain; charset=utf-8"))


Rewrite = Callable[[Answer], None]
_rewrites: list[Rewrite] = []
_last_rewrites: list[Rewrite] = []
_hidden: list[str] = []


def rewrite(change: Rewrite) -> None:
    """Change each answer before it is counted and logged."""
    _install()
    _rewrites.append(change)


def rewrite_at_last(change: Rewrite) -> None:
    """Change each answer of each listener, also what is added to it after it was counted."""
    _install()
    _last_rewrites.append(change)


def hide(*ends: str) -> None:
    """Serve no path that ends so."""
    _install()
    _hidden.extend(ends)


def _install() -> None:
    if _rewrites or _last_rewrites or _hidden:
        return

    def around_app(init: Any) -> Any:
        def with_inner(observed: http.Observed, app: Any, *rest: Any, **more: Any) -> None:
            init(observed, _Rewriting(app, _rewrites, _hidden), *rest, **more)

        return with_inner

    def around_listeners(serve: Any) -> Any:
        async def with_outer(listeners: Any, *rest: Any, **more: Any) -> None:
            outer = [replaced(one, app=_Rewriting(one.app, _last_rewrites, [])) for one in listeners]
            await serve(outer, *rest, **more)

        return with_outer

    replace(http.Observed, "__init__", around_app)
    replace(http, "serve", around_listeners)


class _Rewriting:
    """An ASGI application around another whose answers are changed."""

    def __init__(self, app: Any, rewrites: list[Rewrite], hidden: list[str]) -> None:
        self._app = app
        self._rewrites = rewrites
        self._hidden = hidden

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not (self._rewrites or self._hidden):
            await self._app(scope, receive, send)
            return
        asked = bytearray()
        start: dict[str, Any] = {}
        content = bytearray()

        async def listening() -> Any:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def changing(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            content.extend(message.get("body", b""))
            if not message.get("more_body"):
                answer = _answer(scope, bytes(asked), start, bytes(content))
                for change in self._rewrites:
                    change(answer)
                await _send(answer, start, send)

        if any(scope["path"].endswith(end) for end in self._hidden):
            await self._app({**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode()}, listening, changing)
        else:
            await self._app(scope, listening, changing)


def _answer(scope: Any, asked: bytes, start: dict[str, Any], content: bytes) -> Answer:
    headers = [(bytes(name), bytes(value)) for name, value in start["headers"]]
    answer = Answer(scope["path"], "path_template" in scope, asked, start["status"], headers, content)
    if any(name == b"content-type" and value.startswith(b"application/json") for name, value in headers):
        body = msgspec.json.decode(content)
        answer.body = body if isinstance(body, dict) else None
    return answer


async def _send(answer: Answer, start: dict[str, Any], send: Any) -> None:
    content = answer.content if answer.body is None else msgspec.json.encode(answer.body)
    answer.drop_header(b"content-length")
    headers = [*answer.headers, (b"content-length", b"%d" % len(content))]
    await send({**start, "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
