"""Each bucket of a histogram holds what fell into it, and not what those below it hold."""

from typing import Any

from prometheus_client import Histogram

from faults.patching import replace

RULE = "6.2 S: Prometheus text, whose buckets add up"


def patch() -> None:
    """Print the buckets as they are kept."""

    def own_alone(sample: Any) -> Any:
        def samples(self: Any) -> Any:
            below = 0.0
            for one in sample(self):
                if one.name == "_bucket":
                    yield one._replace(value=one.value - below)
                    below = one.value
                else:
                    yield one

        return samples

    replace(Histogram, "_child_samples", own_alone)
