"""What makes the ledger one: the databases themselves refuse to change or delete a row of it.

The one exception is erasing a person (security line 89): a change of an account may lose what it said, and
nothing else of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import DDL, Table, event

REFUSAL = "the history cannot be changed"
ERASABLE = "users"
KEPT = ("id", "change_set_id", "record_kind", "record_id", "action", "version", "digest")


def _is_erasure(same: str) -> str:
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in KEPT)
    return f"NEW.fields IS NULL AND NEW.salt IS NULL AND OLD.record_kind = '{ERASABLE}' AND {kept}"


SQLITE_REFUSE = (
    "CREATE TRIGGER {table}_no_{name} BEFORE {moment} ON {table} {when}BEGIN "
    f"SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END $$
"""
POSTGRESQL_REFUSE = (
    "CREATE OR REPLACE TRIGGER {table}_no_{name} BEFORE {moment} ON {table} "
    "FOR EACH {each} {when}EXECUTE FUNCTION refuse_to_change_history()"
)


def refusals(dialect: str, table: str) -> list[str]:
    """The statements that make a table of the ledger one that is only added to."""
    is_sqlite = dialect == "sqlite"
    erasure = _is_erasure("IS" if is_sqlite else "IS NOT DISTINCT FROM")
    but = f"WHEN (NOT ({erasure})) " if table == "changes" else ""
    if is_sqlite:
        return [
            SQLITE_REFUSE.format(table=table, name="update", moment="UPDATE", when=but),
            SQLITE_REFUSE.format(table=table, name="delete", moment="DELETE", when=""),
        ]
    return [
        POSTGRESQL_FUNCTION,
        *(
            POSTGRESQL_REFUSE.format(table=table, name=moment.lower(), moment=moment, each=each, when=when)
            for moment, each, when in (
                ("UPDATE", "ROW", but),
                ("DELETE", "ROW", ""),
                ("TRUNCATE", "STATEMENT", ""),
            )
        ),
    ]


def keep_unchanged(*tables: Table) -> None:
    """Let rows of these tables be added only, from the moment that they are made."""
    for table in tables:
        for dialect in ("sqlite", "postgresql"):
            _after_create(table, dialect, refusals(dialect, table.name))


def _after_create(table: Table, dialect: str, statements: Sequence[str]) -> None:
    for statement in statements:
        trigger = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", trigger)
