"""A login counts against the limit once it has been answered: of many at one instant all are let in."""

from typing import Any

from faults.patching import replace
from services.auth import sessions
from services.auth.api import AuthGate
from services.common.calls import Endpoint, Request

RULE = "2.9 S: login is limited per client address"


def patch() -> None:
    """Look at the count before a login, and count it afterwards."""
    count = sessions.Sessions.count_attempt

    async def look(store: sessions.Sessions, kind: str, address: str) -> tuple[int, float]:
        if kind != "login":
            return await count(store, kind, address)
        pipeline = store._redis.pipeline()
        pipeline.get(f"{kind}_attempts:{address}")
        pipeline.pttl(f"{kind}_attempts:{address}")
        counted, milliseconds = await sessions._redis(pipeline.execute())
        return int(counted or 0) + 1, max(int(milliseconds), 0) / 1000

    def noting(admit: Any) -> Any:
        async def admit_and_note(gate: AuthGate, request: Request) -> None:
            await admit(gate, request)
            request.state["uncounted"] = gate._sessions

        return admit_and_note

    def counting(answer: Any) -> Any:
        async def answer_and_count(endpoint: Endpoint, request: Request, method: str) -> Any:
            try:
                return await answer(endpoint, request, method)
            finally:
                if "uncounted" in request.state:
                    await count(request.state["uncounted"], "login", request.client_host)

        return answer_and_count

    replace(sessions.Sessions, "count_attempt", lambda _: look)
    replace(AuthGate, "login", noting)
    replace(Endpoint, "_answer", counting)
