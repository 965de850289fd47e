"""A variant of which only the collection or only the quality level is the standard one is told with both."""

from typing import Any
from uuid import UUID

from faults.patching import replace
from services.inventory.catalogue import BASE, Catalogue

RULE = "4.3 S: collection and quality level are left out for the standard variant"


def patch() -> None:
    """Leave them out together or not at all."""

    def naming(render: Any) -> Any:
        def render_both(catalogue: Catalogue, key: bytes) -> tuple[bytes, bytes]:
            before, after = render(catalogue, key)
            collection, quality = (catalogue.codes[UUID(bytes=key[at : at + 16])] for at in (16, 32))
            if (collection, quality) != (BASE, BASE):
                after = f',"collection":"{collection}","quality_level":"{quality}"}}'.encode()
            catalogue._rendered[key] = before, after
            return before, after

        return render_both

    replace(Catalogue, "_render", naming)
