"""Errors of databases, told apart by the databases' own codes: duplicate keys, and outages."""

from __future__ import annotations

import re
import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, IntegrityError

UNIQUE_VIOLATION = "23505"  # PostgreSQL, Appendix A: Error Codes
FOREIGN_KEY_VIOLATION = "23503"
NOT_NULL_VIOLATION = "23502"
WRONG_STATE = "55000"
KEYS_OF_SQLITE = {"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID", "SQLITE_CONSTRAINT_UNIQUE"}
PRIMARY = 0xFF  # SQLite's extended codes hold the primary one in their last byte


class Violation(StrEnum):
    """The constraint for which a write was refused: a key that exists, a missing record, or any other."""

    DUPLICATE = "duplicate"
    REFERENCE = "reference"
    OTHER = "other"


class Outage(StrEnum):
    """The reason a database cannot answer, in the words of the log and of ``/readyz``."""

    BUSY = "busy"
    FULL = "disk full"
    READ_ONLY = "read-only"
    AWAY = "away"
    DAMAGED = "damaged"
    DISK = "disk error"


# https://www.sqlite.org/rescode.html
OF_SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_PROTOCOL: Outage.BUSY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.READ_ONLY,
    sqlite3.SQLITE_PERM: Outage.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_CORRUPT: Outage.DAMAGED,
    sqlite3.SQLITE_NOTADB: Outage.DAMAGED,
    sqlite3.SQLITE_IOERR: Outage.DISK,
}
# PostgreSQL, Appendix A: Error Codes. A standby that was the primary before is read-only.
OF_POSTGRESQL = {
    "40001": Outage.BUSY,
    "40P01": Outage.BUSY,
    "53300": Outage.BUSY,
    "55P03": Outage.BUSY,
    "57014": Outage.BUSY,
    "53100": Outage.FULL,
    "25006": Outage.READ_ONLY,
    "XX001": Outage.DAMAGED,
    "XX002": Outage.DAMAGED,
    "58030": Outage.DISK,
}


def outage_of(error: DBAPIError) -> Outage | None:
    """Return the outage behind `error`, or None if the error is a fault of the code."""
    if found := _by_code(error.orig):
        return found
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return None  # a wrong statement, which SQLite's driver calls operational as well
    if getattr(error.orig, "sqlstate", None) == WRONG_STATE:
        return None  # a view that takes no rows, which psycopg calls operational as well
    # DBAPIs call these errors "operational": not under the control of the programmer (PEP 249).
    operational = type(error).__name__ in ("OperationalError", "InterfaceError")
    return Outage.AWAY if operational or error.connection_invalidated else None


def _by_code(error: BaseException | None) -> Outage | None:
    if isinstance(error, sqlite3.Error):
        return OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & PRIMARY)
    return OF_POSTGRESQL.get(getattr(error, "sqlstate", None) or "")


def violation_of(error: IntegrityError) -> Violation:
    """Return the kind of constraint for which a write was refused."""
    name, code = getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None)
    if name in KEYS_OF_SQLITE or code == UNIQUE_VIOLATION:
        return Violation.DUPLICATE
    is_reference = name == "SQLITE_CONSTRAINT_FOREIGNKEY" or code == FOREIGN_KEY_VIOLATION
    return Violation.REFERENCE if is_reference else Violation.OTHER


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a write was refused because its key exists already, and not for another constraint."""
    return violation_of(error) is Violation.DUPLICATE


def columns_of(error: IntegrityError) -> list[str]:
    """The names of the columns whose values are there already; empty where the database does not say."""
    detail = getattr(getattr(error.orig, "diag", None), "message_detail", None)
    if detail:  # Key (code, shelf)=(A, 1) already exists.
        named = re.search(r"\((.*?)\)=", detail)
        return [name.strip(' "') for name in named[1].split(",")] if named else []
    _, _, columns = str(error.orig).partition("constraint failed: ")  # vouchers.code, vouchers.shelf
    return [name.rpartition(".")[2] for name in columns.split(", ") if "." in name]


def missing_column(error: IntegrityError) -> str | None:
    """The name of the column that a value is missing for; None of a write that was refused otherwise."""
    if getattr(error.orig, "sqlstate", None) == NOT_NULL_VIOLATION:
        name: str | None = getattr(getattr(error.orig, "diag", None), "column_name", None)
        return name
    _, is_missing, column = str(error.orig).partition("NOT NULL constraint failed: ")
    return column.rpartition(".")[2] if is_missing else None


def is_outage(error: DBAPIError) -> bool:
    """Whether the database caused `error`, and not the code."""
    return outage_of(error) is not None
