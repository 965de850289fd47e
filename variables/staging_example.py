"""An example for a staging system. Copy it, change the addresses, and run:

    TARGET_SERVICE_SECRET=… TARGET_TELEGRAM_BOT_TOKEN=… robot -V variables/staging.py suites/

Look it over first; that says what is wrong in the file and which tests will be skipped:

    python -m libraries.target check variables/staging.py

Every setting is optional but TARGET_NAME and TARGET_PUBLIC_URLS. What a deployment lacks is left out; the tests that
need it are then reported as skipped, with the setting that would bring them. Every setting can come from an
environment variable of the same name, which wins over this file. Secrets come from there and never stand here.
"""

TARGET_NAME = "staging"
# "single": internal paths beside the public ones. "split": an internal listener of its own.
TARGET_SHAPE = "split"

# One address for each instance that can be reached by itself; a load balancer counts as one. With prefix.
# In shape "single" there is none, and all stands on one listener: ["http://host:8080"] here and as internal addresses,
# "http://host:8080/admin/inventory" and "http://host:8080/health" below, and ["http://host:9090/metrics"].
TARGET_PUBLIC_URLS = ["https://staging.shardlegends.example/api"]
# Where /inventory/add-items, /inventory/reserve, … are served. Leave it out when they cannot be reached from here.
TARGET_INTERNAL_URLS = ["http://inventory.staging.internal:8081/api"]
# What stands before /adjust and /audit.
TARGET_ADMIN_URLS = ["http://inventory.staging.internal:8081/api/inventory/admin"]
TARGET_HEALTH_URLS = ["http://inventory.staging.internal:8081/health"]
TARGET_METRICS_URLS = ["http://inventory.staging.internal:8081/metrics"]
# What the names of its own metrics begin with, where the contract says `inventory_`.
TARGET_METRIC_PREFIX = "inventory_"

# Login: "dev" (POST /auth/login) or "telegram" (POST /auth, needs TARGET_TELEGRAM_BOT_TOKEN in the environment).
TARGET_AUTH_URL = "https://auth.staging.shardlegends.example"
TARGET_LOGIN = "telegram"
# All ways that it has, `dev` and `telegram`: tests of a way that is not among them are skipped.
TARGET_LOGIN_WAYS: list[str] = ["telegram"]
# Where auth-service tells its health and metrics.
TARGET_AUTH_INTERNAL_URL = "http://auth.staging.internal:8090"
# How many logins a minute one address has; the suites then wait. With TARGET_SIGNING_KEY_FILE they need few logins, if
# the services serve whoever has a good token. Leave it out when nothing limits.
TARGET_LOGIN_LIMIT = 10
# A private certificate authority, PEM; "" stands for the system's.
TARGET_CA_FILE = ""

# Internal calls carry a service token ("token") or nothing, where the network is the guard ("network"). A token is
# had with TARGET_SERVICE_NAME and TARGET_SERVICE_SECRET, or given as TARGET_SERVICE_TOKEN in the environment.
TARGET_INTERNAL_AUTH = "network"
# So do admin calls; their token is TARGET_ADMIN_TOKEN in the environment, or made with TARGET_CAN_MAKE_ADMIN.
TARGET_ADMIN_AUTH = "network"

# Without a database the catalogue comes from a file: {"items": [{"item_id", "item_class", "item_type"}, …],
# "quality_levels": ["wooden", …], "collections": ["winter_2025", …]}; the last two may be left out.
# An item that comes in others, or in none, has lists of its own: {"item_id", …, "collections": []}.
TARGET_CATALOGUE_FILE = ""
# Or from the target's own answers: what a player owns, whose token is TARGET_CATALOGUE_TOKEN in the environment. What
# this player has none of, an item, a quality level or a collection, is not known then.
TARGET_CATALOGUE_URL = ""
# The ledger checks need it, and TARGET_DATABASE_PASSWORD in the environment, with any word where it asks for none.
TARGET_DATABASE_HOST = ""
TARGET_DATABASE_PORT = 5432
TARGET_DATABASE_NAME = "shard_legends"
TARGET_DATABASE_USER = "postgres"
# The roles that the services log in as there, where they are not the owner's.
TARGET_SERVICES_DATABASE_USERS: list[str] = []
# Rows that are added straight to the ledger then also drop cached balances. TARGET_REDIS_PASSWORD if it has one.
TARGET_REDIS_HOST = ""
TARGET_REDIS_PORT = 6379
# PEM; tokens with chosen claims need it.
TARGET_SIGNING_KEY_FILE = ""

# Where the services' logs are: paths or patterns, or a command that prints them. Of lines that are JSON objects more is
# asked, whatever their members are called.
TARGET_LOG_FILES: list[str] = []
TARGET_LOG_COMMAND = "ssh staging docker compose logs --no-log-prefix --since 1h auth inventory"
# Commands that take a part away and give it back; each test gives back what it took. One that starts a part may end
# before the part serves, which the suites wait for; each of the three may take three minutes. The instance is the
# last of TARGET_PUBLIC_URLS.
TARGET_STOP_REDIS = "ssh staging docker compose stop redis"
TARGET_START_REDIS = "ssh staging docker compose start redis"
TARGET_STOP_DATABASE = "ssh staging docker compose stop postgres"
TARGET_START_DATABASE = "ssh staging docker compose start postgres"
TARGET_STOP_AUTH = "ssh staging docker compose stop auth"
TARGET_START_AUTH = "ssh staging docker compose start auth"
TARGET_STOP_INSTANCE = "ssh staging docker compose stop inventory-2"
TARGET_START_INSTANCE = "ssh staging docker compose start inventory-2"

# May tests set auth.users.role to admin? May they empty tables? On a shared system: no.
TARGET_CAN_MAKE_ADMIN = False
TARGET_DISPOSABLE = False

# Milliseconds at the median for a read, and seconds until a call without an answer counts as failed.
TARGET_READ_BUDGET_MS = 500
TARGET_TIMEOUT_SECONDS = 10
