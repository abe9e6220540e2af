"""A database in memory to write products to, as the lists have it."""

from unit.listing.conftest import engine, shared_session

__all__ = ["engine", "shared_session"]
