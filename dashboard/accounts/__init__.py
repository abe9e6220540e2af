"""People: their accounts, passwords and sessions, and the pages to log in, register and manage oneself."""
