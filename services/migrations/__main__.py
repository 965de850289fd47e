"""``python -m services.migrations``: bring the database that DB_* names up to date."""

from services.common.settings import DatabaseSettings, load_settings, stop
from services.migrations.apply import MigrationError, run


def main() -> None:
    """Apply the migrations and print what was applied."""
    settings = load_settings(DatabaseSettings)
    try:
        applied = run(settings.db_host, settings.db_port, settings.db_name, settings.db_user, settings.db_password)
    except MigrationError as error:
        stop(str(error), 1)
    print(f"applied: {', '.join(applied)}" if applied else "nothing to apply: the database is up to date")


if __name__ == "__main__":
    main()
