"""Fixtures of the screens: users, and records that are made in the database and read by HTTP."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.accounts.models import User
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.history.recording import change_set_of, describe
from dashboard.listing import result_set
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.catalogue import a_category, a_product, in_trash
from dashboard.trash.models import Trashed
from unit.admin.cells import ADDRESS, versions
from unit.admin.ledger import Write
from unit.admin.merging import Open, Opened
from unit.admin.reverting import the_lamp
from unit.conftest import ClientAs, Submit
from unit.racing import LONG_AGO

Make = Callable[..., int]
Stored = Callable[..., dict[str, Any]]
Count = Callable[..., int]
Fill = Callable[..., None]
MODELS = {"products": Product, "categories": Category, "users": User}
FACTORIES = {"products": a_product, "categories": a_category, "users": an_account}


@pytest.fixture
def viewer(client_as: ClientAs) -> FlaskClient:
    """A viewer who is logged in."""
    return client_as("viewer")


@pytest.fixture
def editor(client_as: ClientAs) -> FlaskClient:
    """An editor who is logged in."""
    return client_as("editor")


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    """An owner who is logged in."""
    return client_as("owner")


@pytest.fixture
def make(app: Flask) -> Make:
    """`make(screen, …)` stores a record for a screen and returns its id."""

    def make(screen: str, *arguments: Any, **fields: Any) -> int:
        with app.app_context():
            record = FACTORIES[screen](*arguments, **fields)
            db.session.commit()
            return int(record.id)

    return make


@pytest.fixture
def stored(app: Flask) -> Stored:
    """`stored(screen, id)` are the columns of a record in the database; {} where it does not exist."""

    def stored(screen: str, key: int) -> dict[str, Any]:
        with app.app_context():
            table = MODELS[screen].__table__
            row = db.session.execute(select(table).where(table.c.id == key)).mappings().first()
            return dict(row or {})

    return stored


@pytest.fixture
def count(app: Flask) -> Count:
    """`count(screen)` is the number of records in the table of a screen."""

    def count(screen: str) -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(MODELS[screen])) or 0

    return count


@pytest.fixture
def fill(app: Flask) -> Fill:
    """`fill(screen, number, …)` stores so many records for a screen, numbered from 1 in their names."""

    def fill(screen: str, number: int, name: str = "Lamp", **fields: Any) -> None:
        makers: dict[str, Callable[[str], object]] = {
            "products": lambda each: a_product(each, created_at=LONG_AGO, updated_at=LONG_AGO, **fields),
            "categories": lambda each: a_category(each, **fields),
            "users": lambda each: an_account(email=f"{each.replace(' ', '')}@example.test", **fields),
        }
        with app.app_context():
            for place in range(1, number + 1):
                makers[screen](f"{name} {place:02}")
            db.session.commit()

    return fill


@pytest.fixture(params=[1000, 3], ids=["in one slice", "in several slices"])
def slices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of rows in a slice."""
    monkeypatch.setattr(result_set, "SLICE", request.param)


@pytest.fixture
def write(app: Flask) -> Write:
    """`write(what, **words)` calls `what` in its own transaction and returns the id of the change set."""

    def write(what: Callable[[], Any], **words: Any) -> int:
        with app.app_context():
            if words:
                describe(db.session, **words)
            what()
            db.session.flush()
            written = change_set_of(db.session)
            db.session.commit()
            assert written is not None
            return written.key

    return write


@pytest.fixture
def lamp(write: Write) -> int:
    """The only product, called Oak Lamp, with the id 1."""
    write(lambda: a_product("Oak Lamp", description="Made of oak."))
    return 1


@pytest.fixture
def opened(client_as: ClientAs, make: Make) -> Open:
    """`opened("products", …)` is the form of a new record, opened by an owner; Ada, an admin, edits too."""

    def opened(screen: str = "products", **fields: Any) -> Opened:
        mine, theirs = client_as("owner"), client_as("admin")
        with mine.application.app_context():
            the_account("admin").name = "Ada Admin"
            db.session.commit()
        usual = {"products": {"sku": "LMP-1", "description": "One\nTwo"}, "users": {"name": "Grace"}}
        key = make(screen, **{**usual.get(screen, {}), **fields})
        return Opened(mine, theirs, f"/admin/{screen}/edit/?id={key}")

    return opened


@pytest.fixture
def edited(lamp: int, write: Write) -> int:
    """The change set in which the lamp became an Elm Lamp of 13 EUR."""
    return write(lambda: update_product(the_lamp(), {"name": "Elm Lamp", "price": Decimal(13)}))


@pytest.fixture
def trashed(app: Flask) -> int:
    """The id in the trash of a product called Oak Lamp."""
    with app.app_context():
        key = in_trash("Oak Lamp", sku="OL-1", description="Warm light", stock=1234).id
        db.session.commit()
    return key


@pytest.fixture
def trashed_product(app: Flask, trashed: int) -> int:
    """The id that the product in the trash had, which is another number."""
    with app.app_context():
        key = int(db.session.get_one(Trashed, trashed).record_key)
    assert key != trashed
    return key


@pytest.fixture
def save(editor: FlaskClient, submit: Submit) -> Any:
    """`save(key, field, value)` saves a cell with the version of a list that was just loaded."""

    def save(key: int, field: str, value: str, **fields: str) -> TestResponse:
        sent = {"id": str(key), "field": field, "value": value, "version": versions(editor), **fields}
        return submit(editor, ADDRESS, **sent)

    return save
