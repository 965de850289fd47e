"""Bringing a version into service: scripts, drivers, and the local driver's own small programs."""

# Where the local router tells what it does.
STATUS_PATH = "/.router"
