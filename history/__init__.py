"""Decides from what callers saw whether some one-at-a-time order explains it (law 7). Free of Robot Framework.

`records` is the file that every run writes, `model` what the contract says that each call may do and answer, `search`
the decision, `shrink` the smallest part without an order, `picture` and `words` what a person sees of it.
"""
