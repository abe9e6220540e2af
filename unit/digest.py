"""The content of a database as one short text, to see whether anything changed."""

from hashlib import sha256

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db

SEEN = ("last_seen_at",)  # the time when a user was last seen is no change
HISTORY = ("change_sets", "changes", "change_seals", "changed_fields")
NO_CHANGE = ("edit_leases", "attempt_counts", "security_events")
"""Nor are an open form, an attempt to log in or a line of the security log, which have tests of their own."""


def database_digest(app: Flask, ignore: tuple[str, ...] = SEEN, but: tuple[str, ...] = ()) -> str:
    """A digest of every row of every table, but for the columns to `ignore` and the tables in `NO_CHANGE`.

    `but` names tables to leave out as well.
    """
    digest = sha256()
    with app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name in (*NO_CHANGE, *but):
                continue
            columns = [column for column in table.columns if column.name not in ignore]
            for row in db.session.execute(select(*columns).order_by(*table.primary_key)):
                digest.update(repr((table.name, *row)).encode())
    return digest.hexdigest()
