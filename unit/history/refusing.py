"""A ledger that refuses new rows."""

from sqlalchemy import text

from dashboard.extensions import db


def refuse_inserts(table: str) -> None:
    """Make the database refuse new rows in a table."""
    if db.engine.dialect.name == "sqlite":
        fault = f"CREATE TRIGGER fault BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk is odd'); END"
    else:
        fault = f"ALTER TABLE {table} ADD CONSTRAINT fault CHECK (false) NOT VALID"
    db.session.execute(text(fault))
    db.session.commit()


def allow_inserts(table: str) -> None:
    """Undo `refuse_inserts`."""
    sqlite = db.engine.dialect.name == "sqlite"
    db.session.execute(text("DROP TRIGGER fault" if sqlite else f"ALTER TABLE {table} DROP CONSTRAINT fault"))
    db.session.commit()
