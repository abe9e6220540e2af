"""Everybody who writes at the same moment, on PostgreSQL, which lets them in together."""

from unit.races.test_races import test_nothing_is_overwritten_at_the_same_moment, track

__all__ = ["test_nothing_is_overwritten_at_the_same_moment", "track"]
