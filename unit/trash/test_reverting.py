"""Records of any kind are reverted: changed back, removed, and restored as they were."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, text

from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet
from dashboard.history.revert import Part, revert
from dashboard.refusal import Refusal
from dashboard.registry import Record
from dashboard.trash.models import Trashed
from dashboard.trash.reverting import restore_trashed
from unit.trash.shopping import KEY, OTHER, VALUES, a_shop, labels, last_pairs, stored, undo
from unit.trash.shops import LABELS, Colour, Label, Size

pytestmark = pytest.mark.both_databases


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


def test_rows_of_links_go_with_their_record(shops: Record) -> None:
    a_shop(labels=labels("x"))
    a_shop(id=OTHER, code="B", labels=labels("x"))
    shops.reverting.remove([str(KEY)])
    assert db.session.scalars(select(LABELS.c.shop_id)).all() == [OTHER]


def test_restored_link_that_is_gone_is_not_in_the_line(shops: Record) -> None:
    a_shop(labels=labels("x", "y"))
    shops.reverting.remove([str(KEY)])
    db.session.execute(delete(Label).where(Label.code == "x"))
    db.session.commit()
    assert restore_trashed(shops, Trashed.kind == "shops") == 1
    db.session.commit()
    assert last_pairs()["labels"] == (None, ["y"])
