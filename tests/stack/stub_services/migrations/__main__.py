"""One table, and a line in a file for each time this ran."""

import os
import sys
from pathlib import Path

import psycopg2

session = psycopg2.connect(
    host=os.environ["DB_HOST"],
    port=os.environ["DB_PORT"],
    dbname=os.environ["DB_NAME"],
    user=os.environ["DB_USER"],
    password=os.environ["DB_PASSWORD"],
)
with session, session.cursor() as cursor:
    cursor.execute("CREATE TABLE made (by_migrations boolean)")
if "STUB_MIGRATION_COUNT" in os.environ:
    try:
        with Path(os.environ["STUB_MIGRATION_COUNT"]).open("a", encoding="utf-8") as file:
            file.write("ran\n")
    except OSError as error:
        sys.exit(str(error))
