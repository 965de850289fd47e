"""An example for a staging system. Copy it, change the addresses, and run:

    TARGET_SERVICE_SECRET=… TARGET_TELEGRAM_BOT_TOKEN=… robot -V variables/staging.py suites/

Every setting is optional but TARGET_NAME and TARGET_PUBLIC_URLS. What a deployment lacks is left out; the tests that
need it are then reported as skipped, with the setting that would bring them. Every setting can come from an
environment variable of the same name, which wins over this file. Secrets come from there and never stand here.
"""

TARGET_NAME = "staging"
# "single": internal paths beside the public ones. "split": an internal listener of its own.
TARGET_SHAPE = "split"

# One address for each instance that can be reached by itself; a load balancer counts as one. With prefix.
TARGET_PUBLIC_URLS = ["https://staging.shardlegends.example/api"]
# Where /inventory/add-items, /inventory/reserve, … are served. Leave it out when they cannot be reached from here.
TARGET_INTERNAL_URLS = ["http://inventory.staging.internal:8081/api"]
# What stands before /adjust and /audit.
TARGET_ADMIN_URLS = ["http://inventory.staging.internal:8081/api/inventory/admin"]
TARGET_HEALTH_URLS = ["http://inventory.staging.internal:8081/health"]
TARGET_METRICS_URLS = ["http://inventory.staging.internal:8081/metrics"]
TARGET_METRIC_PREFIX = "inventory_"

# Login: "dev" (POST /auth/login) or "telegram" (POST /auth, needs TARGET_TELEGRAM_BOT_TOKEN in the environment).
TARGET_AUTH_URL = "https://auth.staging.shardlegends.example"
TARGET_LOGIN = "telegram"

# Internal calls carry a service token ("token") or nothing, where the network is the guard ("network").
# A token is had with TARGET_SERVICE_NAME and TARGET_SERVICE_SECRET, or given as TARGET_SERVICE_TOKEN.
TARGET_INTERNAL_AUTH = "network"

# Without a database the catalogue comes from a file: {"items": [{"item_id", "item_class", "item_type"}, …]}.
TARGET_CATALOGUE_FILE = "variables/staging_catalogue.json"
# TARGET_DATABASE_HOST = "…"  TARGET_DATABASE_PORT, TARGET_DATABASE_NAME, TARGET_DATABASE_USER; the password from
#                        TARGET_DATABASE_PASSWORD in the environment. The ledger checks need it.
# TARGET_REDIS_HOST = "…" TARGET_REDIS_PORT; rows added straight to the ledger then also drop cached balances.
# TARGET_SIGNING_KEY_FILE = "…"  PEM; tokens with chosen claims need it.

# May tests set auth.users.role to admin? May they empty tables? On a shared system: no.
TARGET_CAN_MAKE_ADMIN = False
TARGET_DISPOSABLE = False

# Milliseconds at the median for a read, and seconds until a call without an answer counts as failed.
TARGET_READ_BUDGET_MS = 500
TARGET_TIMEOUT_SECONDS = 10
