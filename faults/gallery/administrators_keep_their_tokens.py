"""A new login of an administrator leaves the earlier tokens as they are."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.11 S: a new login revokes the user's earlier tokens"


def patch() -> None:
    """Note an administrator's token beside the others."""

    def several(init: Any) -> Any:
        def init_several(service: AuthService, *args: Any, **settings: Any) -> None:
            init(service, *args, **settings)
            replace_all = service._sessions.replace

            async def replace_of_players(user: Any, jti: str, record: dict[str, Any], *more: int) -> bool:
                sql = "SELECT role FROM auth.users WHERE id = $1::uuid"
                ((role,),) = await service._database.rows("find_role", sql, user)
                if role == "admin":
                    return await service._sessions.keep(jti, record, *more)
                return await replace_all(user, jti, record, *more)

            service._sessions.replace = replace_of_players  # type: ignore[method-assign,assignment]

        return init_several

    replace(AuthService, "__init__", several)
