"""Recovery codes, each of which stands in for the second factor once."""
