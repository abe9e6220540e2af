"""The security log: who did what with accounts and logins, when and from where (security line 79)."""
