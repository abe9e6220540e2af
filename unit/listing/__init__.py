"""The engine under every list."""
