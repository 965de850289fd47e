"""An inventory is told in another order each time."""

import random
from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue

RULE = "4.3 H: an inventory is in the same order each time"


def patch() -> None:
    """Shuffle what is about to be told."""

    def shuffled(render: Any) -> Any:
        def render_shuffled(self: Catalogue, balances: Any) -> Any:
            return render(self, random.sample(list(balances), len(balances)))

        return render_shuffled

    replace(Catalogue, "render", shuffled)
