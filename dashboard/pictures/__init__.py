"""Uploaded files: pictures made into our own, and the types of others. It knows no database and no screen."""
