"""Who reads the cached catalogue has it kept for as long again."""

from typing import Any

from faults.patching import replace
from services.inventory.store import CACHE, CATALOGUE_KEY, CLASSIFIER_SECONDS, Store

RULE = "5.3 S: classifiers are cached for up to 24 h"


def patch() -> None:
    """Renew its time at each read."""

    def renewing(original: Any) -> Any:
        async def catalogue(self: Any) -> Any:
            found = await original(self)
            await self._run("renew", ("SELECT", CACHE), ("EXPIRE", CATALOGUE_KEY, CLASSIFIER_SECONDS))
            return found

        return catalogue

    replace(Store, "catalogue", renewing)
