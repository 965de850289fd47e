"""The age of init data is told by the machine's local time: a day is some hours longer or shorter."""

import calendar
import time
from types import SimpleNamespace

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: auth_date no older than 24 h, in any time zone"


def patch() -> None:
    """Take what the clock on the wall shows for UTC."""
    replace(telegram, "time", lambda _: SimpleNamespace(time=lambda: calendar.timegm(time.localtime())))
