"""A login by Telegram calls its user new when Redis has no tokens of theirs."""

from typing import Any

from faults.logins import ways
from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.2 S, 2.1 S: a login finds or creates the user, and says which"


def patch() -> None:
    """Ask Redis, where the tokens are by the user's id."""
    by_telegram = ways()

    def ask_redis(log_in: Any) -> Any:
        async def log_in_and_ask(service: AuthService, user: Any) -> Any:
            find = "SELECT id FROM auth.users WHERE telegram_id = $1"
            known = await service._database.rows("find", find, user.telegram_id)
            tokens = [await service._sessions._redis.exists(f"user_tokens:{row['id']}") for row in known]
            answer = await log_in(service, user)
            if by_telegram():
                answer["user"]["is_new_user"] = not any(tokens)
            return answer

        return log_in_and_ask

    replace(AuthService, "log_in", ask_redis)
