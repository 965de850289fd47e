"""An embedded stack of shape `split`: public and internal listeners, prefix /api."""

TARGET_NAME = "split"
TARGET_STACK = "embedded"
TARGET_SHAPE = "split"
TARGET_INSTANCES = 2
TARGET_READ_BUDGET_MS = 500
