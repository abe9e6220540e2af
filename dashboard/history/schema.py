"""The triggers of the ledger: the databases themselves refuse to change, delete or replace its rows.

The one exception is erasing a person (security line 89): a change may lose its fields, and nothing else, if
there is a later erasure of the same record with an author. The application knows which kinds of records are
about people: verifying reports blank changes of any other kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import DDL, Table, event

REFUSAL = "the history cannot be changed"
FIXED = ("id", "change_set_id", "record_kind", "record_id", "record_key", "action", "version", "digest")


def _is_erasure(same: str) -> str:
    fixed = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in FIXED)
    return f"NEW.fields IS NULL AND NEW.salt IS NULL AND {fixed}"


def _is_erasure_on_record(same: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM changes AS named "  # noqa: S608 - an operator from below
        "JOIN change_sets AS its ON its.id = named.change_set_id "
        "WHERE its.kind = 'erase' AND its.author_id IS NOT NULL AND named.record_kind = OLD.record_kind "
        f"AND named.record_id = OLD.record_id AND named.record_key {same} OLD.record_key "
        "AND named.id > OLD.id)"
    )


FIXED_OF_SET = (
    "id", "at", "author_id", "kind", "origin", "request_id", "note", "reverts_id", "reason_digest"
)  # fmt: skip


def _is_erasure_of_reason(same: str) -> str:
    fixed = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in FIXED_OF_SET)
    return f"NEW.reason IS NULL AND NEW.reason_salt IS NULL AND {fixed}"


def _is_reason_on_record(same: str) -> str:
    """Whether a set has a change of a person whose erasure is recorded later."""
    return (
        "EXISTS (SELECT 1 FROM changes AS own JOIN changes AS named "  # noqa: S608 - an operator from below
        "ON named.record_kind = own.record_kind AND named.record_id = own.record_id "
        f"AND named.record_key {same} own.record_key AND named.id > own.id "
        "JOIN change_sets AS its ON its.id = named.change_set_id "
        "WHERE own.change_set_id = OLD.id AND its.kind = 'erase' AND its.author_id IS NOT NULL)"
    )


SQLITE_SAME, POSTGRESQL_SAME = "IS", "IS NOT DISTINCT FROM"
UNIQUE = {"change_sets": ("id",), "changes": ("id",), "change_seals": ("id", "change_set_id")}
"""The unique columns of each table of the ledger: REPLACE deletes a row with the same value.

A table whose columns are all part of its key is not among them: what replaces a row of it is the same row.
"""


def _is_there(table: str) -> str:
    """Whether the new row of SQLite would replace another; a key that is not given is -1 at that time."""
    same = " OR ".join(f"(NEW.{column} > 0 AND {column} = NEW.{column})" for column in UNIQUE[table])
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names from above


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
POSTGRESQL_ERASURE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_unrecorded_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT {_is_erasure_on_record(POSTGRESQL_SAME)} THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
POSTGRESQL_REASON_FUNCTION = POSTGRESQL_ERASURE_FUNCTION.replace(
    "refuse_unrecorded_erasure", "refuse_unrecorded_erasure_of_reason"
).replace(_is_erasure_on_record(POSTGRESQL_SAME), _is_reason_on_record(POSTGRESQL_SAME))
POSTGRESQL_ERASURE_OF_REASON = (
    "CREATE OR REPLACE TRIGGER change_sets_only_erasures BEFORE UPDATE ON change_sets "
    "FOR EACH ROW EXECUTE FUNCTION refuse_unrecorded_erasure_of_reason()"
)
POSTGRESQL_ERASURE = (
    "CREATE OR REPLACE TRIGGER changes_only_erasures BEFORE UPDATE ON changes "
    "FOR EACH ROW EXECUTE FUNCTION refuse_unrecorded_erasure()"
)
POSTGRESQL_REFUSE = (
    "CREATE OR REPLACE TRIGGER {table}_no_{name} BEFORE {moment} ON {table} "
    "FOR EACH {each} {when}EXECUTE FUNCTION refuse_to_change_history()"
)


def refusals(dialect: str, table: str) -> list[str]:
    """The statements that make the database refuse all but new rows in a table of the ledger."""
    return _sqlite_refusals(table) if dialect == "sqlite" else _postgresql_refusals(table)


def _sqlite_refusals(table: str) -> list[str]:
    unless = {
        "changes": f"{_is_erasure(SQLITE_SAME)} AND {_is_erasure_on_record(SQLITE_SAME)}",
        "change_sets": f"{_is_erasure_of_reason(SQLITE_SAME)} AND {_is_reason_on_record(SQLITE_SAME)}",
    }
    erasure = f"WHEN (NOT ({unless[table]})) " if table in unless else ""
    return [
        SQLITE_REFUSE.format(table=table, name=name, moment=moment, when=when)
        for name, moment, when in (
            ("update", "UPDATE", erasure),
            ("delete", "DELETE", ""),
            # REPLACE deletes the other row without its triggers, unless the connection is set to run them.
            *([("replace", "INSERT", f"WHEN ({_is_there(table)}) ")] if table in UNIQUE else []),
        )
    ]


def _postgresql_refusals(table: str) -> list[str]:
    unless = {
        "changes": _is_erasure(POSTGRESQL_SAME),
        "change_sets": _is_erasure_of_reason(POSTGRESQL_SAME),
    }
    erasure = f"WHEN (NOT ({unless[table]})) " if table in unless else ""
    refused = [
        POSTGRESQL_REFUSE.format(table=table, name=moment.lower(), moment=moment, each=each, when=when)
        for moment, each, when in (
            ("UPDATE", "ROW", erasure),
            ("DELETE", "ROW", ""),
            ("TRUNCATE", "STATEMENT", ""),
        )
    ]
    # A function: in PostgreSQL the WHEN of a trigger cannot have a subquery.
    recorded = {
        "changes": [POSTGRESQL_ERASURE_FUNCTION, POSTGRESQL_ERASURE],
        "change_sets": [POSTGRESQL_REASON_FUNCTION, POSTGRESQL_ERASURE_OF_REASON],
    }
    return [POSTGRESQL_FUNCTION, *refused, *recorded.get(table, [])]


def keep_unchanged(*tables: Table) -> None:
    """Make these tables refuse all but new rows, from their creation on."""
    for table in tables:
        for dialect in ("sqlite", "postgresql"):
            _after_create(table, dialect, refusals(dialect, table.name))


def _after_create(table: Table, dialect: str, statements: Sequence[str]) -> None:
    for statement in statements:
        trigger = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", trigger)
