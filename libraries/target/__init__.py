"""What is under test: its settings, its parts, and the embedded stack that stands in when nothing else is named.

Keywords: `libraries.target.keywords`. Imports nothing of the other packages. The only place that reads ``TARGET_…``
settings and that knows of ``stack/``.
"""
