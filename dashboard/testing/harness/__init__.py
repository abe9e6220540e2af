"""Runs browser tests of a Flask application the way its playwright.config.py says; see README.md."""
