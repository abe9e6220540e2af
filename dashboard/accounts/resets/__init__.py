"""Resets: choosing a new password through a one-time link."""
