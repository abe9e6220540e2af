"""Sweeping the trash, and kinds that cannot go there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from dashboard import clock
from dashboard.accounts.models import User
from dashboard.catalogue.trash import PRODUCTS, restore_products, restore_trashed, trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.catalogue import find_trashed, in_trash, products
from dashboard.trash.flows import of_records, put_back, take, trash_records
from dashboard.trash.kinds import Trashable
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import SWEPT_AT_ONCE, find_in_trash, sweep
from unit.conftest import SetClock
from unit.trash.crates import Crate, declared_crates


@pytest.fixture
def crates(context: Flask) -> Iterator[Trashable]:
    with declared_crates() as kind:
        yield kind


def number() -> int:
    return db.session.scalar(select(func.count(Trashed.id))) or 0


def test_kinds_about_people_cannot_go_to_the_trash(app: Flask) -> None:
    with pytest.raises(LookupError, match="users are people"):
        Trashable(User, title="email")


def test_sweep_commits_one_batch_at_a_time(context: Flask, set_clock: SetClock) -> None:
    keys = [row.id for row in products(5)]
    trash_products(keys)
    db.session.commit()
    row = db.session.execute(select(Trashed.__table__).limit(1)).mappings().one()
    more = [{**row, "id": None, "record_key": str(10_000 + place)} for place in range(SWEPT_AT_ONCE)]
    db.session.execute(insert(Trashed), [{k: v for k, v in each.items() if k != "id"} for each in more])
    db.session.commit()
    set_clock(timedelta(days=31))
    assert (sweep(30), number()) == (SWEPT_AT_ONCE, 5)
    db.session.rollback()
    assert number() == 5
    assert (sweep(30), sweep(30), number()) == (5, 0, 0)
    assert verify(db.session).faults == []


def test_sweep_purges_every_kind(crates: Trashable, set_clock: SetClock) -> None:
    db.session.connection().execute(insert(Crate.__table__).values(id=1, label="Old crate"))
    trash_records(crates, [1])
    in_trash("Oak Lamp")
    db.session.commit()
    set_clock(timedelta(days=31))
    assert sweep(30) == 2


def test_reused_key_finds_the_record_deleted_last(crates: Trashable) -> None:
    add = insert(Crate.__table__)
    for label in ("First", "Second"):
        db.session.connection().execute(add.values(id=1, label=label))
        trash_records(crates, [1])
    found = find_in_trash("crates", 1, 30)
    assert str(found) == "Second"
    put_back(crates, take(crates, of_records(crates, [1])))
    assert [str(row) for row in db.session.scalars(select(Trashed))] == ["First"]


def test_restoring_one_kind_ignores_ids_of_another(crates: Trashable) -> None:
    db.session.connection().execute(insert(Crate.__table__).values(id=1, label="Crate"))
    trash_records(crates, [1])
    crate = find_in_trash("crates", 1, 30)
    assert crate is not None
    assert restore_trashed([crate.id]) == 0
    assert restore_products([1]) == 0
    assert number() == 1


def test_record_deleted_twice_at_once_is_in_trash_once(context: Flask) -> None:
    [key] = [row.id for row in products(1)]
    db.session.commit()
    assert (trash_products([key]), trash_products([key]), number()) == (1, 0, 1)


def test_stored_row_is_not_loaded_by_accident(context: Flask) -> None:
    in_trash("Oak Lamp")
    db.session.commit()
    trashed = db.session.scalars(select(Trashed)).one()
    with pytest.raises(Exception, match="raiseload"):
        _ = trashed.row


def test_restored_record_has_the_current_time(context: Flask, set_clock: SetClock) -> None:
    set_clock(timedelta(0))
    [product] = products(1)
    db.session.commit()
    trash_products([product.id])
    assert find_trashed(product.id).deleted_at == clock.now()
    set_clock(timedelta(days=1))
    restore_products([product.id])
    db.session.refresh(product)
    assert product.updated_at == clock.now()
    assert PRODUCTS.kind == "products"
