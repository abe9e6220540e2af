"""Asking users to prove again who they are, before a change that a thief of their session must not make."""
