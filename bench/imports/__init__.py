"""Measures imports of files beside those of other consoles, and what other users notice of them."""
