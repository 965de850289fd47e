"""``python -m services.migrations``: bring the database that DB_* names up to date."""

from pydantic import Field

from services.common.settings import DatabaseSettings, load_settings, stop
from services.migrations.apply import MigrationError, run


class MigrationSettings(DatabaseSettings):
    """Where PostgreSQL is, for its owner. With ``db_services_password`` the services' roles may log in by it (5.4)."""

    db_services_password: str | None = Field(default=None, min_length=1, repr=False)


def main() -> None:
    """Apply the migrations and print what was applied."""
    settings = load_settings(MigrationSettings)
    try:
        applied = run(
            settings.db_host, settings.db_port, settings.db_name, settings.db_user, settings.db_password,
            settings.db_services_password,
        )  # fmt: skip
    except MigrationError as error:
        stop(str(error), 1)
    print(f"applied: {', '.join(applied)}" if applied else "nothing to apply: the database is up to date")


if __name__ == "__main__":
    main()
