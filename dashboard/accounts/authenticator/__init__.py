"""Authenticator apps: codes of six digits that change every 30 seconds (TOTP, RFC 6238)."""
