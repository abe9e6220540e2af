"""Limits on attempts to log in, which hold for all workers and survive a restart."""
