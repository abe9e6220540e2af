"""The console over a real PostgreSQL."""
