"""The services from outside: metrics, logs, Redis, parts that are away, services of a suite's own (section 6)."""
