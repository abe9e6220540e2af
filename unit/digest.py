"""The content of a database as one short text, to see whether anything changed."""

from hashlib import sha256

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db

SEEN = ("last_seen_at",)  # noting when somebody was seen is no change


def database_digest(app: Flask, ignore: tuple[str, ...] = SEEN) -> str:
    """A digest of every row of every table, but for the columns to `ignore`."""
    digest = sha256()
    with app.app_context():
        for table in db.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in ignore]
            for row in db.session.execute(select(*columns).order_by(*table.primary_key)):
                digest.update(repr((table.name, *row)).encode())
    return digest.hexdigest()
