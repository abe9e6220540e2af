"""Background tasks of a server: one process at a time runs them at intervals."""
