"""Counts the clicks, keys and texts that ten tasks of a day take in the console."""
