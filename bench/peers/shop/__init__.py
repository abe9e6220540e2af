"""The Django application with the catalogue."""
