"""Passwords for tests, which log in all the time."""

from argon2 import PasswordHasher

CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes in no time, to stand in for `dashboard.accounts.passwords.hasher`, which takes 25 ms."""
