"""The embedded stack as a target. Imported only where it is used: other targets need nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from libraries.target.settings import Instance, Settings, Shape, Target, TargetError, parse_target
from stack.errors import StackError
from stack.state import Inventory
from stack.suites import addresses_of, settings_of, stack_of_this_run


def embedded_target(values: Mapping[str, object], pabot_library: str | None) -> Target:
    """Attach to this run's stack, or start it, and describe it; under Pabot, end with that.

    Raises TargetError with one line: an address is given too, the shape is none, or the stack does not start.
    """
    settings = Settings(values)
    if settings.unknown():
        raise TargetError(*settings.unknown())
    addresses = [name for name in values if name.endswith(("_URL", "_URLS")) and values[name]]
    if addresses:
        raise TargetError(
            f"{addresses[0]} is given together with the embedded stack, which has addresses of its own: set "
            "TARGET_STACK=none and TARGET_NAME to test what listens there, or leave the address out"
        )
    shape, instances = settings.text("SHAPE") or "single", settings.text("INSTANCES") or "1"
    if shape not in ("single", "split") or not instances.isdecimal():
        raise TargetError(f"TARGET_SHAPE is {shape} and TARGET_INSTANCES {instances}: single or split, and a number")
    try:
        state = stack_of_this_run(cast(Shape, shape), int(instances), pabot_library)
    except StackError as error:
        raise TargetError(str(error)) from None
    # What the stack tells of itself counts: a service's secret in the environment, say, is another deployment's.
    return parse_target({**values, **settings_of(state)}, state)


def instance_of(shape: Shape, info: Inventory) -> Instance:
    """Return an inventory-service of the stack, or beside it, as an instance of the target."""
    return Instance(**addresses_of(shape, info))
