"""Reading the ledger in tests."""

from typing import Any

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet, Seal

Line = tuple[str, int, str, int | None, dict[str, tuple[Any, Any]]]


def lines() -> list[Line]:
    """Every change, the oldest first: kind, id, action, version and fields."""
    changes = db.session.scalars(select(Change).order_by(Change.id))
    return [(c.record_kind, c.record_id, c.action.value, c.version, c.pairs) for c in changes]


def last_line() -> Line:
    """The newest change."""
    return lines()[-1]


def change_sets() -> list[ChangeSet]:
    """Every change set, the oldest first."""
    return list(db.session.scalars(select(ChangeSet).order_by(ChangeSet.id)))


def seals() -> list[Seal]:
    """Every seal, the oldest first."""
    return list(db.session.scalars(select(Seal).order_by(Seal.id)))
