"""Where no setting says how many logins an address has in a minute, it has twenty."""

from services.auth.settings import AuthSettings

RULE = "2.9 S: login is limited to ten a minute, unless a setting says otherwise"


def patch() -> None:
    """Double the default."""
    AuthSettings.model_fields["auth_login_limit_per_minute"].default = 20
    AuthSettings.model_rebuild(force=True)
