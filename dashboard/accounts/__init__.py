"""People: their accounts, passwords and sessions, and the pages to sign in, register and manage oneself."""
