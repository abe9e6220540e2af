"""Changes that the databases refuse, made as the owner of the database."""

from sqlalchemy import text

from dashboard.extensions import db


def tamper(*statements: str, **values: object) -> None:
    """Run statements without the triggers, as the owner of the database can."""
    if db.engine.dialect.name == "sqlite":
        for table in ("change_sets", "changes", "change_seals"):
            for moment in ("update", "delete", "replace"):
                db.session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{moment}"))
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        db.session.execute(text(statement), values)
    db.session.commit()
