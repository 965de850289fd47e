"""Each instance tells an inventory in an order of its own."""

import os
import random
from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.3 H: an inventory is in the same order each time"


def patch() -> None:
    """Order what is about to be told by chance, the same in this process each time."""

    def ordered(render: Any) -> Any:
        def render_in_own_order(self: Catalogue, balances: Any) -> Any:
            told = list(balances)
            random.Random(os.getpid()).shuffle(told)
            return render(self, told)

        return render_in_own_order

    replace(Catalogue, "render", ordered)
