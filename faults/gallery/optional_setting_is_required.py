"""How often keys are asked for has no value of its own: without the setting the service does not start."""

from pydantic_core import PydanticUndefined

from services.inventory.settings import InventorySettings

RULE = "6.7 S: what is optional has a value of its own"


def patch() -> None:
    """Take the default away."""
    InventorySettings.model_fields["jwks_min_refresh_seconds"].default = PydanticUndefined
    InventorySettings.model_rebuild(force=True)
