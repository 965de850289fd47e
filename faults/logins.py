"""What faults of logins have in common: of one way of two, and of what is limited like logins."""

import asyncio
from collections.abc import Callable
from dataclasses import replace as changed
from typing import Any

from faults.patching import remember_requests, replace, replace_everywhere
from services.auth import api
from services.auth.api import AuthGate
from services.auth.service import AuthService
from services.auth.sessions import Sessions
from services.common.calls import Call, Request
from services.common.database import Database
from services.common.errors import Refusal

Replace = Callable[..., Any]


def ways() -> Callable[[], bool]:
    """Return what says whether the login that is under way came by Telegram."""
    current = remember_requests(AuthGate, "login")
    return lambda: bool(current.get()._scope["path"] == "/auth")


def reword_by_telegram(text: str, becomes: str) -> None:
    """Change the statement with which a login by Telegram finds or creates its user."""
    by_telegram = ways()

    def reworded(write: Any) -> Any:
        def write_reworded(database: Database, operation: str, sql: str, *args: Any) -> Any:
            if operation == "log_in" and by_telegram():
                if text not in sql:
                    raise AttributeError(f"the statement has no text {text!r}")
                sql = sql.replace(text, becomes)
            return write(database, operation, sql, *args)

        return write_reworded

    replace(Database, "write", reworded)


def replace_by_telegram(make: Callable[[Replace], Replace]) -> None:
    """Let a login by Telegram note its token with ``make(original)`` in the place of `Sessions.replace`."""
    by_telegram = ways()

    def either(usual: Replace) -> Replace:
        other = make(usual)

        def note(*args: Any) -> Any:
            return other(*args) if by_telegram() else usual(*args)

        return note

    replace(Sessions, "replace", either)


def log_in_uncounted() -> None:
    """Let logins go as far as the database when Redis, which counts them first, is away."""

    def counting(count: Any) -> Any:
        async def count_if_possible(*args: Any) -> Any:
            try:
                return await count(*args)
            except Refusal:
                return 1, 0.0

        return count_if_possible

    replace(Sessions, "count_attempt", counting)


def log_in_at_places(is_given_back: Callable[[Refusal | None], bool]) -> None:
    """Let ten logins be under way at once; whether one gives its place back depends on the refusal it ends with."""
    places = asyncio.Semaphore(10)

    def in_turn(log_in: Any) -> Any:
        async def log_in_at_a_place(service: AuthService, user: Any) -> Any:
            await places.acquire()
            refusal = None
            try:
                return await log_in(service, user)
            except Refusal as error:
                refusal = error
                raise
            finally:
                if is_given_back(refusal):
                    places.release()

        return log_in_at_a_place

    replace(AuthService, "log_in", in_turn)


def limit_like_logins(calls: str, path: str) -> None:
    """Count requests for a path like logins, beside whatever guard it has; ``calls`` makes it in the service's api."""
    gates: list[AuthGate] = []

    def noting(login_calls: Any) -> Any:
        def login_calls_of(settings: Any, service: Any, gate: AuthGate) -> Any:
            gates.append(gate)
            return login_calls(settings, service, gate)

        return login_calls_of

    def limiting(make: Any) -> Any:
        def limited(call: Call) -> Call:
            async def guard(request: Request) -> None:
                await gates[0].login(request)
                if call.guard is not None:
                    await call.guard(request)

            return changed(call, guard=guard) if call.path == path else call

        return lambda *args: [limited(call) for call in make(*args)]

    replace_everywhere(api, "login_calls", noting)
    replace_everywhere(api, calls, limiting)
