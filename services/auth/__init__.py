"""auth-service: logins, tokens, signing keys (contract, section 2)."""
