"""Freedoms of the deployment as a whole (contract, section 1)."""

from faults.dialects.dialect import dialect


@dialect("1", instances=1)
def one_instance() -> None:
    """There is one inventory-service."""


@dialect("1.1", shapes=("split",), env={"INTERNAL_AUTH": "none"}, target={"TARGET_INTERNAL_AUTH": "network"})
def network_guards_internal() -> None:
    """Internal calls are guarded by the network alone."""


@dialect("1.1", shapes=("split",), env={"ADMIN_AUTH": "none"}, target={"TARGET_ADMIN_AUTH": "network"})
def network_guards_admin() -> None:
    """Admin calls are guarded by the network alone."""
