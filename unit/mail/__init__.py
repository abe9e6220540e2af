"""Mail: the settings, the server, the outbox and sending."""
