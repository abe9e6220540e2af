"""The records of several kinds that were changed last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from dashboard.database.transactions import AnySession
from dashboard.history.about import Named
from dashboard.history.models import WITHOUT_CHANGE, Change, ChangeSet, stored_key

MOST_LOOKED_AT = 500
"""The changes of a kind that are looked at where most of them are exports."""


def last_changed(session: AnySession, kinds: Sequence[str], latest: int) -> dict[Named, datetime]:
    """The records of the `latest` changes of each kind, each with its last moment, the newest first.

    One statement reads them, from an index. Exports and links change nothing, and are passed over.
    """
    changes = union_all(*(_latest(kind, latest) for kind in kinds)).subquery()
    sets = select(changes, ChangeSet.at).join(ChangeSet, ChangeSet.id == changes.c.change_set_id)
    rows: Sequence[Any] = session.execute(sets).all()
    found: dict[Named, datetime] = {}
    for row in sorted(rows, key=lambda row: row.change_set_id, reverse=True):
        found.setdefault((row.record_kind, stored_key(row.record_id, row.record_key)), row.at)
    return found


def _latest(kind: str, number: int) -> Select[Any]:
    """The latest changes of a kind; whole, because parts of a union on SQLite have no order of their own."""
    columns = Change.record_kind, Change.record_id, Change.record_key, Change.change_set_id, Change.action
    its = select(*columns).where(Change.record_kind == literal(kind))
    looked_at = its.order_by(Change.change_set_id.desc()).limit(MOST_LOOKED_AT).subquery()
    is_change = looked_at.c.action.not_in(WITHOUT_CHANGE)
    # Once more a subquery: PostgreSQL and SQLite end reading with the last row that is wanted.
    return select(select(looked_at).where(is_change).limit(number).subquery())
