"""How the gallery puts something else in the place of a part of a service."""

import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any


def replace(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put ``make(original)`` in the place of ``owner.name``. Raises AttributeError when there is no such part."""
    setattr(owner, name, make(getattr(owner, name)))


def replace_everywhere(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Do as `replace` does, also in the services' modules that have imported the part by its name."""
    original = getattr(owner, name)
    made = make(original)
    for module in [module for key, module in sys.modules.items() if key.startswith("services.")]:
        if getattr(module, name, None) is original:
            setattr(module, name, made)
    setattr(owner, name, made)


def reword(owner: Any, name: str, text: str, becomes: str) -> None:
    """Change every occurrence of a text in the constant ``owner.name``. Raises AttributeError when there is none."""

    def reworded(constant: str) -> str:
        if text not in constant:
            raise AttributeError(f"{name} has no text {text!r}")
        return constant.replace(text, becomes)

    replace(owner, name, reworded)


def remember_requests(gate: Any, guard: str) -> ContextVar[Any]:
    """Return where the request stands that ``gate.guard`` has let in, for what is called on its behalf."""
    current: ContextVar[Any] = ContextVar("request")

    def noting(original: Any) -> Any:
        async def note(self: Any, request: Any) -> None:
            current.set(request)
            await original(self, request)

        return note

    replace(gate, guard, noting)
    return current


def change_bodies(change: Callable[[bytes], bytes]) -> None:
    """Let each body be read as what this makes of its bytes."""
    from services.common.calls import Body

    def decode(original: Any) -> Any:
        return lambda body, raw: original(body, change(raw))

    replace(Body, "decode", decode)
