"""Decides whether what happened kept the laws. Free of Robot Framework, and of any database.

`laws` judges a ledger's rows by laws 1 to 5. All else is about law 7, whether some one-at-a-time order explains what
callers saw: `records` is the file that every run writes, `model` what the contract says that each call may do and
answer, `search` the decision, `shrink` the smallest part without an order, `picture` and `words` what a person sees.
"""
