"""Passwords for tests, which log in often."""

from argon2 import PasswordHasher

CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A fast substitute for `dashboard.accounts.passwords.hasher`, which takes 25 ms."""
