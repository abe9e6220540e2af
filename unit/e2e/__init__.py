"""The browser suite's own machinery under test."""
