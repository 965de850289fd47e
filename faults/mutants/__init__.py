"""Mutants: the services changed in every small way there is, one at a time, and the suites asked about it."""
