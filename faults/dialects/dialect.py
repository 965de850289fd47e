"""What a dialect is, and the register of all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from faults.fault import Fault, SqlChange

Shape = Literal["single", "split"]
Token = Literal["service", "admin"]
EVERY_SHAPE: tuple[Shape, ...] = ("single", "split")


@dataclass(frozen=True)
class Dialect(Fault):
    """One way to differ from the reference services without breaking an S rule.

    ``env`` are settings of the services, ``target`` the ``TARGET_…`` settings that describe the difference to the
    suites, ``shapes`` where it makes sense, ``tokens`` what callers have to be given because the services do not give
    it. ``of_bare`` says whether the bare deployment has it.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    target: Mapping[str, str] = field(default_factory=dict)
    shapes: tuple[Shape, ...] = EVERY_SHAPE
    instances: int | None = None
    tokens: tuple[Token, ...] = ()
    of_bare: bool = True


KNOWN: dict[str, Dialect] = {}


def dialect(
    rule: str,
    *,
    sql: Sequence[tuple[str, str, str]] = (),
    statements: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    target: Mapping[str, str] | None = None,
    shapes: tuple[Shape, ...] = EVERY_SHAPE,
    instances: int | None = None,
    tokens: tuple[Token, ...] = (),
    of_bare: bool = True,
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that patches a service as the dialect of the function's name.

    ``rule`` is the number of the rule in the contract whose freedom it takes; ``sql`` and ``statements`` are those of
    `Fault`. The first line of the function's docstring says what is different.
    """

    def register(patch: Callable[[], None]) -> Callable[[], None]:
        # A SyntaxError of sorts: two functions of one name would silently be one.
        if patch.__name__ in KNOWN:
            raise ValueError(f"there are two dialects {patch.__name__}")
        KNOWN[patch.__name__] = Dialect(
            name=patch.__name__,
            summary=(patch.__doc__ or "").strip().splitlines()[0],
            rule=rule,
            sql=tuple(SqlChange(*change) for change in sql),
            patch=patch,
            proven_by="dialects",
            statements=tuple(statements),
            env=dict(env or {}),
            target=dict(target or {}),
            shapes=shapes,
            instances=instances,
            tokens=tokens,
            of_bare=of_bare,
        )
        return patch

    return register
