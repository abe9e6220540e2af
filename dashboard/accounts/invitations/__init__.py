"""Invitations: an account that an admin creates, and whose user chooses the password."""
