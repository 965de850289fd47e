"""Ways to differ from the reference services that break no S rule of the contract.

A dialect takes one freedom that the contract leaves, from outside the services' own code; ``bare`` takes all of them
that go together, so that it keeps every S rule and no H rule. Suites that go red there without the tag ``hardening``
raise a false alarm. ``python -m faults list`` names them, ``python -m stack up --dialect NAME[,NAME…]`` starts a stack
that speaks them, ``python -m faults dialects`` runs the suites against each.
"""

import re
import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import jwt

from faults.dialects import access, calls, data, deployment, login, operations
from faults.dialects.dialect import KNOWN, Dialect, Shape
from faults.fault import FaultError

BARE = "bare"
# Loaded for what they register.
_MODULES = (access, calls, data, deployment, login, operations)


def names() -> list[str]:
    """Return the names of all single dialects, in the order of the contract's rules."""
    return sorted(KNOWN, key=lambda name: [int(part) for part in re.findall(r"\d+", KNOWN[name].rule)])


def spoken(wish: str, shape: Shape) -> list[Dialect]:
    """Return the dialects that ``NAME[,NAME…]`` names, in a deployment of a shape.

    ``bare`` stands for all it takes, and ``-NAME`` leaves one out of that. Raises FaultError for an unknown name, and
    for one that the shape cannot speak.
    """
    chosen: set[str] = set()
    for part in wish.split(","):
        name = part.removeprefix("-")
        if part == BARE:
            chosen |= {one.name for one in KNOWN.values() if one.of_bare and shape in one.shapes}
        elif part in (f"-{known}" for known in KNOWN):
            chosen.discard(name)
        elif name not in KNOWN:
            raise FaultError(f"there is no dialect {name!r}: choose {BARE} or of {', '.join(KNOWN)}")
        elif shape not in KNOWN[name].shapes:
            raise FaultError(f"dialect {name} is for shape {', '.join(KNOWN[name].shapes)}, not {shape}")
        else:
            chosen.add(name)
    # In one order, however they were named: some change what others have made.
    return [one for one in KNOWN.values() if one.name in chosen]


def described(dialects: Collection[Dialect]) -> dict[str, str]:
    """Return the ``TARGET_…`` settings that tell the suites what is different, each as text."""
    return {name: value for one in dialects for name, value in one.target.items()}


def tokens(dialects: Collection[Dialect], private_key: bytes) -> dict[str, str]:
    """Return ``service_token`` and ``admin_token`` where the services do not give them to whoever asks.

    They are signed with the key (PEM) for a day, as an operator would hand them out.
    """
    has_roles = "no_roles" not in [one.name for one in dialects]
    kinds = {kind for one in dialects for kind in one.tokens}
    now = datetime.now(UTC)
    made = {}
    for kind in kinds:
        claims = {"service": "operator"} if kind == "service" else {"telegram_id": 1}
        roles = {"roles": ["internal" if kind == "service" else "admin"]} if has_roles else {}
        ids = {"sub": str(uuid.uuid4()), "jti": str(uuid.uuid4())}
        times = {"iat": now, "exp": now + timedelta(days=1)}
        payload = {"iss": "shard-legends-auth", **ids, **claims, **roles, **times}
        made[f"{kind}_token"] = jwt.encode(payload, private_key, algorithm="RS256")
    return made
