"""Measures our console beside those of others, over the same products, in the same run."""
