"""Mail: an outbox in the database, and the task that sends what is in it."""
