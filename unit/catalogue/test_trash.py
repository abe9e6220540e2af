"""The trash: deleted products are restored unchanged, or are deleted permanently."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.flows import delete_categories
from dashboard.catalogue.models import Product, ProductTally
from dashboard.catalogue.trash import purge_products, restore_products, trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Origin
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.testing.accounts import email_of
from dashboard.testing.catalogue import a_category, a_product, find_trashed, products
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import find_in_trash, still_there, sweep
from unit.conftest import ClientAs, SetClock, Submit
from unit.history.reading import change_sets, last_line, lines


def in_trash() -> list[str]:
    """The names of what lies in the trash."""
    return list(db.session.scalars(select(Trashed.title).order_by(Trashed.id)))


def counted() -> int:
    """How many products the database says there are."""
    return sum(db.session.scalars(select(ProductTally.products)))


def test_a_product_that_is_deleted_is_in_the_trash_and_nowhere_else(context: Flask) -> None:
    gone, _ = a_product("Oak Lamp"), a_product("Elm Chair")
    db.session.commit()
    assert trash_products([gone.id]) == 1
    db.session.commit()
    assert in_trash() == ["Oak Lamp"]
    assert list(db.session.scalars(select(Product.name))) == ["Elm Chair"]
    assert counted() == 1


def test_what_is_restored_is_as_it_was_under_its_number(context: Flask) -> None:
    product = a_product("Oak Lamp", sku="OL-1", category=a_category("Lamps"), description="Warm\nlight")
    db.session.commit()
    key, before, text = product.id, registry().of(Product).values(product), product.search_text
    trash_products([key])
    db.session.commit()
    assert restore_products([key]) == 1
    db.session.commit()
    restored = db.session.get_one(Product, key)
    assert registry().of(Product).values(restored) == before
    assert (restored.version, restored.search_text, in_trash(), counted()) == (2, text, [], 1)


def test_deleting_and_restoring_are_in_the_history(context: Flask) -> None:
    product = a_product("Oak Lamp", sku="OL-1")
    db.session.commit()
    key = product.id
    trash_products([key])
    db.session.commit()
    assert last_line()[:4] == ("products", key, "delete", None)
    assert last_line()[4]["sku"] == ("OL-1", None)
    restore_products([key])
    db.session.commit()
    assert last_line()[:4] == ("products", key, "create", 2)
    assert last_line()[4]["sku"] == (None, "OL-1")
    assert [each.kind for each in change_sets()] == ["create", "delete", "restore"]


def test_the_sku_of_what_is_in_the_trash_is_free(context: Flask) -> None:
    trash_products([a_product(sku="OL-1").id])
    again = a_product(sku="OL-1")
    assert list(db.session.scalars(select(Product.id).where(Product.sku == "OL-1"))) == [again.id]


def test_products_with_one_sku_share_the_trash(context: Flask) -> None:
    for _ in range(2):
        trash_products([a_product("Oak Lamp", sku="OL-1").id])
    assert in_trash() == ["Oak Lamp", "Oak Lamp"]


def test_product_whose_sku_is_taken_stays_in_the_trash(context: Flask) -> None:
    free, taken = a_product(), a_product(sku="OL-1")
    trash_products([free.id, taken.id])
    a_product(sku="OL-1")
    db.session.commit()
    keys = list(map(int, db.session.scalars(select(Trashed.record_key))))
    with pytest.raises(Refusal, match=r"Another product now has this SKU: OL-1\. "):
        restore_products(keys)
    db.session.commit()  # nothing of it was done, also for a caller who would go on
    assert len(in_trash()) == 2
    assert counted() == 1


def test_a_category_can_go_while_its_products_are_in_the_trash(context: Flask) -> None:
    category = a_category()
    product = a_product(category=category)
    db.session.commit()
    key = product.id
    trash_products([key])
    delete_categories([category])
    restore_products([key])
    db.session.commit()
    assert db.session.get_one(Product, key).category_id is None
    assert last_line()[4].get("category_id") is None


def test_what_is_purged_is_gone_and_its_history_stays(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()
    key = product.id
    trash_products([key])
    db.session.commit()
    assert purge_products([key]) == 1
    db.session.commit()
    assert in_trash() == []
    assert [(action, record) for _, record, action, _, _ in lines()] == [
        ("create", key),
        ("delete", key),
        ("purge", key),
    ]
    assert change_sets()[-1].kind == "purge"
    assert verify(db.session).faults == []
    assert restore_products([key]) == 0


def test_a_number_is_never_given_again(context: Flask) -> None:
    product = a_product()
    db.session.commit()
    key = product.id
    trash_products([key])
    purge_products([key])
    db.session.commit()
    assert a_product().id > key


def test_after_some_days_what_lies_in_the_trash_goes_by_itself(context: Flask, set_clock: SetClock) -> None:
    old, new = (row.id for row in products(2))
    db.session.commit()
    trash_products([old])
    db.session.commit()
    set_clock(timedelta(days=20))
    trash_products([new])
    db.session.commit()
    set_clock(timedelta(days=11))
    assert (find_in_trash("products", old, 30), find_in_trash("products", new, 30) is None) == (None, False)
    assert sweep(0) == 0
    assert sweep(30) == 1
    assert sweep(30) == 0
    assert list(db.session.scalars(select(Trashed.record_key))) == [str(new)]
    swept = change_sets()[-1]
    assert (swept.author_id, swept.origin, swept.note) == (None, Origin.COMMAND, "After 30 days in the trash")


@pytest.mark.parametrize(("late", "there"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_the_last_moment_of_the_last_day_is_still_time(
    context: Flask, set_clock: SetClock, late: timedelta, there: bool
) -> None:
    """A product is either visible in the trash or swept, never both."""
    (key,) = (row.id for row in products(1))
    db.session.commit()
    set_clock(timedelta(0))
    trash_products([key])
    db.session.commit()
    set_clock(timedelta(days=30) + late)
    seen = db.session.scalars(select(Trashed.record_key).where(*still_there(30))).all()
    assert (find_in_trash("products", key, 30) is not None, list(seen) == [str(key)]) == (there, there)
    assert sweep(30) == (0 if there else 1)


def test_who_deleted_a_product_is_kept_with_it(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    editor = client_as("editor")
    with app.app_context():
        key = a_product().id
        db.session.commit()
    submit(editor, "/admin/products/delete/", id=key)
    with app.app_context():
        trashed = find_trashed(key)
        assert trashed.deleted_by is not None
        assert trashed.deleted_by.email == email_of("editor")
        assert trashed.change_set_id == change_sets()[-1].id
        db.session.delete(db.session.scalars(select(User).where(User.email == email_of("editor"))).one())
        db.session.commit()
        assert find_trashed(key).deleted_by_id is None
