"""Searching a table: what a query means, and the indexes that answer it on each database."""
