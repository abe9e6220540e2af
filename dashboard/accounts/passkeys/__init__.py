"""Passkeys (WebAuthn): keys on a device, which log their user in without a password."""
