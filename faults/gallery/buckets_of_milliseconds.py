"""The buckets of the histograms are made for milliseconds: the first one ends at five seconds."""

from services.inventory import metrics

RULE = "6.2 S: durations are in seconds"


def patch() -> None:
    """Take them as they were found."""
    own = (metrics.database_duration, metrics.redis_duration, metrics.balance_duration)
    for histogram in (*own, metrics.service._duration):
        histogram._kwargs["buckets"] = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
