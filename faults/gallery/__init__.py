"""One file a fault.

A file's docstring says what is wrong. ``RULE`` names the promise that it breaks. ``SQL`` lists changes to the ledger's
functions as (function, text, other text); ``patch()`` changes the service's Python. ``PROVEN_BY`` is the folder of the
suites that have to notice (default ``suites``), ``SHAPE`` the deployment in which they can (default ``single``).
"""
