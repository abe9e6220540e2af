"""Change sets that changed a record more than once, read some changes at a time."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.revert import Part, plan, revert
from dashboard.testing.catalogue import a_product, products
from unit.admin.conftest import Write
from unit.admin.reading import read

REVERT = "/admin/revert/"
LAMP = 1


def the_lamp() -> Product:
    return db.session.get_one(Product, LAMP)


def changed_twice() -> None:
    """Change the lamp, then others, then the lamp again."""
    update_product(the_lamp(), {"price": Decimal(13)})
    change_products([2, 3, 4], lambda _: {"stock": 1})
    update_product(the_lamp(), {"price": Decimal(14), "name": "Elm Lamp"})


def deleted_at_last() -> None:
    change_products([LAMP], lambda _: {"stock": 5})
    change_products([2, 3, 4], lambda _: {"stock": 1})
    trash_products([LAMP])


def there_and_back() -> None:
    trash_products([LAMP])
    change_products([2, 3, 4], lambda _: {"stock": 1})
    restore_products([LAMP])


def made_and_changed() -> None:
    made = a_product("Stool")
    change_products([2, 3, 4], lambda _: {"stock": 1})
    update_product(made, {"price": Decimal(14)})


def made_and_deleted() -> None:
    made = a_product("Stool")
    change_products([2, 3, 4], lambda _: {"stock": 1})
    trash_products([made.id])


TWICE = [changed_twice, deleted_at_last, there_and_back, made_and_changed, made_and_deleted]


@pytest.fixture(params=[1, 2, 1000])
def _slices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, write: Write, lamp: int) -> None:
    """Four products, of which the lamp is the first; that many changes are read at a time."""
    assert lamp == LAMP
    monkeypatch.setattr("dashboard.history.nets.SLICE", request.param)
    write(lambda: products(3))


def rows(app: Flask) -> list[tuple[object, ...]]:
    with app.app_context():
        columns = (Product.id, Product.name, Product.price, Product.stock)
        return [tuple(row) for row in db.session.execute(select(*columns).order_by(Product.id))]


@pytest.mark.usefixtures("_slices")
@pytest.mark.parametrize("done", TWICE)
@pytest.mark.parametrize("untouched", [False, True])
def test_record_changed_twice_in_a_set_is_reverted_once(
    app: Flask, editor: FlaskClient, write: Write, done: Callable[[], None], untouched: bool
) -> None:
    before, change_set = rows(app), write(done)
    question = read(editor.get(f"{REVERT}?set={change_set}").text)
    with app.app_context():
        steps = [*plan(db.session, Part(change_set), untouched=untouched)]
        assert [step.obstacle for step in steps] == [None] * len(steps)
        keys = [step.key for step in steps]
        assert len(set(keys)) == len(keys) == len(question.all("h2"))
        assert revert(db.session, Part(change_set), untouched=untouched) == len(keys)
        db.session.commit()
        assert verify(db.session).faults == []
    assert rows(app) == before
