"""Sending HTTP calls over RequestsLibrary, alone or many at one instant, and what is known about them afterwards.

Keywords: `libraries.calls.keywords`. The only place that sends; knows no path and no rule: resources say those. What
is logged goes through `reporting.redaction`.
"""
