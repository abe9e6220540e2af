"""Measures our list pages beside those of other consoles, over the same rows, in the same run."""
