"""Ids in a body have to be UUIDs of version 4, the one that is made at random."""

from typing import Any
from uuid import UUID

from faults.patching import replace
from services.common import calls

RULE = "4.5 S: an operation_id is a UUID"


def patch() -> None:
    """Look at the version."""

    def picky(usual_uuid: Any) -> Any:
        def of_version_four(raw: str) -> UUID:
            found: UUID = usual_uuid(raw)
            if found.version != 4:
                raise ValueError("not a UUID of version 4")
            return found

        return of_version_four

    replace(calls, "usual_uuid", picky)
