"""The console: its screens and the gate before them."""
