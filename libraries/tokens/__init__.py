"""Making, forging and checking tokens and Telegram init data (contract, sections 2 and 3)."""
