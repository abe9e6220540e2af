"""Accounts, passwords and sessions, and the pages for logging in, registering and editing a profile."""
