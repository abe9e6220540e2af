"""Records of any kind are reverted: changed back, removed, and restored as they were."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm.attributes import flag_modified

from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeSet
from dashboard.history.recording import UnrecordedError
from dashboard.history.revert import Part, revert
from dashboard.history.values import MASK
from dashboard.refusal import Refusal
from dashboard.registry import Record
from dashboard.trash.models import Trashed
from dashboard.trash.reverting import restore_trashed
from unit.trash.shops import LABELS, Colour, Label, Shop, Size, declared_shops

pytestmark = pytest.mark.both_databases

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


@pytest.fixture
def shops(context: Flask) -> Iterator[Record]:
    """A console that keeps the history of shops."""
    with declared_shops() as record:
        db.session.add_all([Label(code="x"), Label(code="y"), Label(code="z")])
        db.session.commit()
        yield record


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


def test_deleted_record_comes_back_with_secrets_and_links(shops: Record) -> None:
    a_shop(labels=labels("x", "y"))
    before = stored()
    assert shops.reverting.remove([str(KEY)]) == 1
    db.session.commit()
    assert stored() == [[], []]
    assert undo() == 1
    assert stored() == before
    assert db.session.scalars(select(Trashed)).all() == []


CHANGED = {
    "name": "Oak",
    "code": None,
    "big": -(2**62),
    "weight": 1e300,
    "amount": Decimal("0.05"),
    "exact": Decimal(2),
    "is_open": True,
    "size": Size.SMALL,
    "colour": Colour.BLUE,
    "made": datetime.fromisoformat("1970-01-01"),
    "seen": None,
    "day": None,
    "opens": time(0),
    "lasts": timedelta(seconds=-1),
    "token_id": None,
    "facts": [1.5],
}


@pytest.mark.parametrize("name", [*CHANGED])
def test_changed_value_of_any_type_is_reverted(shops: Record, name: str) -> None:
    shop = a_shop()
    before = stored()
    setattr(shop, name, CHANGED[name])
    db.session.commit()
    assert stored() != before
    assert undo() == 1
    assert stored() == before


def test_edit_that_changes_nothing_leaves_no_line(shops: Record) -> None:
    shop = a_shop()
    number = len(db.session.scalars(select(Change)).all())
    shop.amount, shop.exact, shop.facts = Decimal("12.5"), Decimal("1.12345678"), {"a": [1, None, "x"]}
    db.session.commit()
    assert len(db.session.scalars(select(Change)).all()) == number


def test_created_record_is_removed_into_the_trash(shops: Record) -> None:
    a_shop(labels=labels("x"))
    assert undo() == 1
    assert stored() == [[], []]
    assert db.session.scalars(select(Trashed.title)).all() == [VALUES["name"]]


def test_links_are_recorded_and_reverted(shops: Record) -> None:
    shop = a_shop(labels=labels("x", "y"))
    assert last_pairs()["labels"] == (None, ["x", "y"])
    before = stored()
    shop.labels = labels("y", "z")
    db.session.commit()
    assert last_pairs() == {"labels": (["x", "y"], ["y", "z"])}
    assert undo() == 1
    assert stored() == before


def test_link_to_a_deleted_record_is_not_restored(shops: Record) -> None:
    shop = a_shop(labels=labels("x", "y"))
    shop.labels = labels("y")
    db.session.commit()
    db.session.execute(delete(Label).where(Label.code == "x"))
    with pytest.raises(Refusal, match="Nothing was reverted: a record that it refers to was deleted"):
        undo()
    db.session.rollback()
    shops.reverting.remove([str(KEY)])
    db.session.execute(delete(Label).where(Label.code == "y"))
    db.session.commit()
    shops.reverting.restore({str(KEY): {}})
    assert [len(rows) for rows in stored()] == [1, 0]


def test_later_change_is_an_obstacle_without_a_version(shops: Record) -> None:
    shop = a_shop()
    shop.name = "Oak"
    db.session.commit()
    its = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    shop.weight = 3.0
    db.session.commit()
    assert its is not None
    with pytest.raises(Refusal, match="“Oak” has since been changed"):
        revert(db.session, Part(its), untouched=True)
    db.session.rollback()
    assert revert(db.session, Part(its)) == 1
    db.session.commit()
    assert (shop.name, shop.weight) == (VALUES["name"], 3.0)


def test_change_past_the_console_is_an_obstacle(shops: Record) -> None:
    shop = a_shop()
    shop.name = "Oak"
    db.session.commit()
    db.session.execute(text("UPDATE shops SET shop_name = 'Elm'"))
    db.session.commit()
    with pytest.raises(Refusal, match="“Elm” has since been changed: Name"):
        undo()


def test_value_that_is_taken_is_named(shops: Record) -> None:
    a_shop()
    shops.reverting.remove([str(KEY)])
    db.session.commit()
    deletion = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    assert deletion is not None
    a_shop(id=OTHER)
    with pytest.raises(Refusal, match="Nothing was reverted: another shop now has this Code"):
        revert(db.session, Part(deletion))
    db.session.rollback()


def test_record_that_others_refer_to_is_not_removed(shops: Record) -> None:
    a_shop()
    a_shop(id=OTHER, code="B", inside_id=KEY)
    with pytest.raises(Refusal, match=r"It can't be deleted: it is used by 1 shop."):
        shops.reverting.remove([str(KEY)])
    db.session.rollback()
    assert len(stored()[0]) == 2


def test_purged_record_is_lost(shops: Record) -> None:
    assert shops.reverting.lost([str(KEY)], lock=False) == {str(KEY): "was permanently deleted"}


@pytest.mark.security(52)
def test_secret_is_recorded_without_its_value(shops: Record) -> None:
    shop = a_shop()
    assert last_pairs()["api_key"] == (None, MASK)
    assert "picture" not in last_pairs()
    shop.api_key = "other"
    db.session.commit()
    assert last_pairs() == {"api_key": (MASK, MASK)}
    with pytest.raises(Refusal, match="had another API key, which the history does not have"):
        undo()
    db.session.rollback()
    everything = " ".join(str(change.fields) for change in db.session.scalars(select(Change)))
    assert VALUES["api_key"] not in everything
    assert "other" not in everything
    assert shop.api_key == "other"


def test_changed_secret_is_no_obstacle_to_its_neighbours(shops: Record) -> None:
    shop = a_shop()
    shop.api_key, shop.name = "other", "Oak"
    db.session.commit()
    change = db.session.scalars(select(Change.id).order_by(Change.id.desc())).first()
    assert undo(change_id=change, field="name") == 1
    assert (shop.name, shop.api_key) == (VALUES["name"], "other")


@pytest.mark.parametrize(
    "statement", [update(Shop).values(name="Oak"), delete(Shop), insert(Shop).values(name="Oak")]
)
def test_statement_past_the_history_is_refused_in_words(shops: Record, statement: Any) -> None:
    a_shop()
    with pytest.raises(Refusal, match="This would change Shops without recording it") as raised:
        db.session.execute(statement)
    assert isinstance(raised.value, UnrecordedError)
    assert raised.value.code == 409


def test_old_value_is_recorded_for_an_object_that_was_not_read(shops: Record) -> None:
    a_shop()
    db.session.expire_all()
    shop = db.session.get_one(Shop, KEY)
    db.session.expire(shop)
    shop.name = "Oak"
    db.session.commit()
    assert last_pairs() == {"name": (VALUES["name"], "Oak")}


def test_value_that_the_database_computes_is_recorded(shops: Record) -> None:
    shop = a_shop(big=5)
    shop.big = Shop.big + 1  # type: ignore[assignment]
    db.session.commit()
    assert last_pairs() == {"big": (5, 6)}


def test_rows_of_links_go_with_their_record(shops: Record) -> None:
    a_shop(labels=labels("x"))
    a_shop(id=OTHER, code="B", labels=labels("x"))
    shops.reverting.remove([str(KEY)])
    assert db.session.scalars(select(LABELS.c.shop_id)).all() == [OTHER]


def test_value_that_is_changed_in_place_is_recorded(shops: Record) -> None:
    shop = a_shop()
    shop.facts["b"] = 2
    flag_modified(shop, "facts")
    db.session.commit()
    before = VALUES["facts"]
    assert last_pairs() == {"facts": ({"a": [1, None, "x"]}, {"a": [1, None, "x"], "b": 2})}
    assert undo() == 1
    assert shop.facts == before


def test_restored_link_that_is_gone_is_not_in_the_line(shops: Record) -> None:
    a_shop(labels=labels("x", "y"))
    shops.reverting.remove([str(KEY)])
    db.session.execute(delete(Label).where(Label.code == "x"))
    db.session.commit()
    assert restore_trashed(shops, Trashed.kind == "shops") == 1
    db.session.commit()
    assert last_pairs()["labels"] == (None, ["y"])
