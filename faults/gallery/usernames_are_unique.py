"""Two users may not have the same name: the second one's login fails."""

RULE = "2.1 S: a login finds or creates the user by the Telegram id"
STATEMENTS = ["CREATE UNIQUE INDEX usernames ON auth.users (lower(username))"]
