"""Texts as people write them: which characters they may hold, names, and how they are shortened."""
