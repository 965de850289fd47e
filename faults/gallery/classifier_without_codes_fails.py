"""While a classifier has no codes yet, a call that needs the catalogue anew is answered 500."""

from typing import Any

from faults.patching import replace_everywhere
from services.inventory import catalogue

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Count on codes in every classifier."""

    def trusting(parse: Any) -> Any:
        def parse_codes(*columns: str | None) -> Any:
            data = parse(*columns)
            for name, classifier in data.classifiers.items():
                if classifier.codes is None:
                    raise TypeError(f"the codes of {name} are null")
            return data

        return parse_codes

    replace_everywhere(catalogue, "parse", trusting)
