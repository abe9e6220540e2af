"""Shops with a value in every column, and the undoing of their changes."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeSet
from dashboard.history.revert import Part, revert
from unit.trash.shops import Colour, Label, Shop, Size

KEY, OTHER = UUID(int=7), UUID(int=8)
VALUES: dict[str, Any] = {
    "name": "Corner“é”\n\\",
    "code": "A/1",
    "big": 2**62,
    "weight": 0.1,
    "amount": Decimal("12.50"),
    "exact": Decimal("1.12345678"),
    "is_open": False,
    "size": Size.LARGE,
    "colour": Colour.RED,
    "made": datetime.fromisoformat("2026-01-02T03:04:05.000678"),
    "seen": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    "day": date(2026, 1, 2),
    "opens": time(8, 30, 0, 5),
    "lasts": timedelta(days=3, microseconds=7),
    "token_id": UUID(int=9),
    "facts": {"a": [1, None, "x"]},
    "api_key": "s3cret",
    "picture": b"\0\xff",
}


def a_shop(**values: Any) -> Shop:
    """A shop that was added and committed."""
    facts = dict(VALUES["facts"])
    shop = Shop(**{"id": KEY, **VALUES, "facts": facts, **values})
    db.session.add(shop)
    db.session.commit()
    return shop


def labels(*codes: str) -> set[Label]:
    """Labels by their codes."""
    return {db.session.get_one(Label, code) for code in codes}


def stored() -> list[Any]:
    """Every shop and link as the database has it."""
    return [
        [tuple(row) for row in db.session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]
        for table in ("shops", "shop_labels")
    ]


def undo(**part: Any) -> int:
    """Undo the last change set."""
    last = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    assert last is not None
    number = revert(db.session, Part(last, **part), untouched=True)
    db.session.commit()
    assert verify(db.session).faults == []
    return number


def last_pairs() -> dict[str, Any]:
    """The fields of the last change."""
    return db.session.scalars(select(Change).order_by(Change.id.desc())).first().pairs  # type: ignore[union-attr]
