"""Records that refer to each other are put back in an order that the database accepts."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, text, update

from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import Record, registry
from dashboard.trash.models import Trashed
from dashboard.trash.reverting import restore_trashed
from unit.trash.parks import Keeper, Park, declared_parks
from unit.trash.parks import stored as stored_parks
from unit.trash.shopping import KEY, OTHER, a_shop, stored, undo
from unit.trash.shops import Shop

pytestmark = pytest.mark.both_databases

THIRD = UUID(int=9)


@pytest.fixture(params=[1, 2, 1000])
def _slices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """That many changes are read at a time."""
    monkeypatch.setattr("dashboard.history.nets.SLICE", request.param)


@pytest.fixture
def parks(context: Flask) -> Iterator[None]:
    """Two parks, and a keeper of the first."""
    with declared_parks():
        db.session.add_all([Park(code="A", name="Alder"), Park(code="B", name="Beech")])
        db.session.flush()
        db.session.add(Keeper(id=1, name="Kim", park_code="A"))
        db.session.commit()
        yield


def change(row: Any, **values: Any) -> None:
    """Change a record within the transaction."""
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def change_and_delete(shops: Record, row: Any, *keys: UUID, **values: Any) -> list[Any]:
    """Change a shop and delete others in one change set; returns what was stored before."""
    before = stored()
    change(row, **values)
    shops.reverting.remove([*map(str, keys)])
    db.session.commit()
    assert stored() != before
    return before


@pytest.mark.usefixtures("_slices")
def test_undo_restores_a_record_before_others_refer_to_it_again(shops: Record) -> None:
    a_shop()
    other = a_shop(id=OTHER, code="B", inside_id=KEY)
    before = change_and_delete(shops, other, KEY, inside_id=None)
    assert undo() == 2
    assert stored() == before


@pytest.mark.usefixtures("_slices")
def test_undo_moves_records_back_to_one_that_was_deleted(shops: Record) -> None:
    a_shop()
    a_shop(id=THIRD, code="C")
    other = a_shop(id=OTHER, code="B", inside_id=KEY)
    before = change_and_delete(shops, other, KEY, inside_id=THIRD, name="Oak")
    assert undo() == 2
    assert stored() == before


@pytest.mark.usefixtures("_slices")
def test_unique_value_is_given_back_before_its_record_returns(shops: Record) -> None:
    a_shop()
    other = a_shop(id=OTHER, code="B", inside_id=KEY)
    before = stored()
    change(other, inside_id=None)
    shops.reverting.remove([str(KEY)])
    change(other, code="A/1")
    db.session.commit()
    assert undo() == 2
    assert stored() == before


@pytest.mark.usefixtures("_slices")
def test_record_made_instead_of_a_deleted_one_goes_again(shops: Record) -> None:
    a_shop()
    other = a_shop(id=OTHER, code="B", inside_id=KEY)
    before = stored()
    db.session.add(Shop(id=THIRD, name="New", code="C"))
    db.session.flush()
    change_and_delete(shops, other, KEY, inside_id=THIRD)
    assert undo() == 3
    assert stored() == before


@pytest.mark.usefixtures("_slices")
def test_undo_of_the_undo_deletes_and_clears_again(shops: Record) -> None:
    a_shop()
    other = a_shop(id=OTHER, code="B", inside_id=KEY)
    change_and_delete(shops, other, KEY, inside_id=None)
    after = stored()
    undo()
    assert undo() == 2
    assert stored() == after


@pytest.mark.usefixtures("_slices")
def test_records_deleted_together_refer_to_each_other_again(shops: Record) -> None:
    its = [UUID(int=100 + at) for at in range(5)]
    for at, key in enumerate(its):
        a_shop(id=key, code=str(at))
    for key, inside in zip(its, [*its[1:], its[0]], strict=True):
        db.session.get_one(Shop, key).inside_id = inside
    db.session.commit()
    before = stored()
    shops.reverting.remove([*map(str, its)])
    db.session.commit()
    assert undo() == 5
    assert stored() == before


@pytest.mark.usefixtures("_slices")
def test_kinds_that_refer_to_each_other_are_put_back_together(parks: None) -> None:
    before = stored_parks()
    keeper = db.session.get_one(Keeper, 1)
    change(keeper, park_code=None)
    registry()["parks"].reverting.remove(["A"])
    change(keeper, name="Kay")
    db.session.commit()
    assert undo() == 2
    assert stored_parks() == before


def test_kinds_made_together_are_removed_in_any_order(parks: None) -> None:
    before = stored_parks()
    park = Park(code="C", name="Cedar")
    db.session.add(park)
    db.session.flush()
    change(db.session.get_one(Keeper, 1), park_code="C")
    change(park, name="Cypress")
    db.session.commit()
    assert undo() == 2
    assert stored_parks() == before


@pytest.mark.usefixtures("_slices")
def test_reference_that_is_gone_past_the_console_is_refused(parks: None) -> None:
    change(db.session.get_one(Keeper, 1), park_code=None)
    db.session.commit()
    db.session.execute(text("DELETE FROM parks WHERE code = 'A'"))
    db.session.commit()
    with pytest.raises(Refusal, match="Nothing was reverted: a record that it refers to was deleted"):
        undo()


def test_thousands_that_refer_to_each_other_are_restored(shops: Record) -> None:
    its = [UUID(int=100 + at) for at in range(2000)]
    table, connection = Shop.__table__, db.session.connection()
    rows = [{"id": key, "shop_name": "Oak", "code": str(key)[-6:], "big": 2**40} for key in its]
    connection.execute(insert(table), rows)
    inside = zip(its, [*its[1:], None], strict=True)
    link = update(table).where(table.c.id == bindparam("at")).values(inside_id=bindparam("other"))
    connection.execute(link, [{"at": key, "other": other} for key, other in inside])
    db.session.commit()
    before = stored()
    shops.reverting.remove([*map(str, its)])
    db.session.commit()
    assert restore_trashed(shops, Trashed.kind == "shops") == len(its)
    db.session.commit()
    assert stored() == before
