"""What is done every so often, for as long as the service lives."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from services.common.errors import Refusal

log = logging.getLogger(__name__)


async def for_ever(act: Callable[[], Awaitable[Any]], seconds: float) -> NoReturn:
    """Do something again and again, with pauses between; whatever goes wrong, the next time it may go well."""
    while True:
        try:
            await act()
        except Refusal:
            # Something is away; health and metrics tell of it.
            pass
        except Exception as error:
            log.error("a watch failed", exc_info=error, extra={"fields": {"watch": act.__qualname__}})
        await asyncio.sleep(seconds)
