"""Changing the email of one's own account, by a link that is sent to the new one."""
