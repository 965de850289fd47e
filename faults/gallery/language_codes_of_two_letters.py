"""There is room for two letters of a user's language: who speaks another kind of Chinese cannot log in."""

RULE = "2.2 S: a login with signed init data"
STATEMENTS = ["ALTER TABLE auth.users ALTER language_code TYPE varchar(2)"]
