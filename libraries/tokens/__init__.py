"""Making, forging and checking tokens and Telegram init data (contract, sections 2 and 3).

Keywords: `libraries.tokens.keywords`. Sends nothing: whoever asks brings the published keys along.
"""
