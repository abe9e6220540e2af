"""Importing records of any kind from tables in files: checked first, written by a job, and undone."""
