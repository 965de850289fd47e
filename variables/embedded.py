"""The default target: an embedded stack of shape `single`, started for the run and stopped after it.

The stack itself tells addresses, passwords and keys; nothing of that is written here.
"""

TARGET_NAME = "embedded"
TARGET_STACK = "embedded"
TARGET_SHAPE = "single"
TARGET_INSTANCES = 2
# Milliseconds that a read may take at the median once yesterday is closed.
TARGET_READ_BUDGET_MS = 500
