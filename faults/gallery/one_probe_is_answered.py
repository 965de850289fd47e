"""Of several who ask Redis for its health at once only the first is answered; the others wait for ever."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Store

RULE = "6.1 S: health answers whoever asks"


def patch() -> None:
    """Give one answer to all questions."""

    def first_alone(ping: Any) -> Any:
        async def answer(store: Store, asking: list[None]) -> Any:
            return (await ping(store, asking))[:1]

        return answer

    replace(Store, "_ping", first_alone)
