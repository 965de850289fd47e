"""An embedded stack of shape `split`: a public and an internal listener for each service, prefix /api."""

TARGET_NAME = "split"
TARGET_STACK = "embedded"
TARGET_SHAPE = "split"
TARGET_INSTANCES = 2
TARGET_READ_BUDGET_MS = 500
