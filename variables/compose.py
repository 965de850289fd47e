"""The containers of docker-compose.dev.yml, on the ports that the seed gives them.

    set -a; . ./.env; set +a
    robot -V variables/compose.py --outputdir results suites/

Any setting can be given by an environment variable of the same name, which wins over this file.
"""

import os

from robot.api.types import Secret

TARGET_NAME = "compose"
TARGET_SHAPE = "single"
TARGET_PUBLIC_URLS = ["http://127.0.0.1:8080"]
TARGET_INTERNAL_URLS = ["http://127.0.0.1:8080"]
TARGET_ADMIN_URLS = ["http://127.0.0.1:8080/admin/inventory"]
TARGET_HEALTH_URLS = ["http://127.0.0.1:8080/health"]
TARGET_METRICS_URLS = ["http://127.0.0.1:9090/metrics"]
TARGET_AUTH_URL = "http://127.0.0.1:8081"
TARGET_LOGIN = "dev"
TARGET_INTERNAL_AUTH = "token"
TARGET_SERVICE_NAME = "game-service"
TARGET_DATABASE_HOST = "127.0.0.1"
TARGET_DATABASE_PORT = 5432
TARGET_DATABASE_NAME = "shard_legends"
TARGET_DATABASE_USER = "postgres"
TARGET_DATABASE_PASSWORD = Secret(os.environ.get("DB_PASSWORD", ""))
TARGET_REDIS_HOST = "127.0.0.1"
TARGET_REDIS_PORT = 6379
TARGET_CAN_MAKE_ADMIN = True
# Development data: tests may add players, administrators and items, and clean up tables.
TARGET_DISPOSABLE = True
TARGET_READ_BUDGET_MS = 500
# From the environment only: TARGET_SERVICE_SECRET, TARGET_SIGNING_KEY_FILE, TARGET_TELEGRAM_BOT_TOKEN.
