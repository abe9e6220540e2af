"""A confirmation counts for the records as the question showed them: one that has changed is not touched."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.managing import change_account
from dashboard.catalogue.flows import rename_category, update_product
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import the_account
from dashboard.testing.catalogue import find_trashed, in_trash
from unit.admin.conftest import MODELS, Make
from unit.admin.reading import flashes, record_form
from unit.conftest import Submit
from unit.digest import database_digest

CHANGED = "changed since you opened this page. Nothing was changed. Review it and try again."
CHANGES: dict[str, Callable[[Any], None]] = {
    "products": lambda row: update_product(row, {"price": Decimal(99)}),
    "categories": lambda row: rename_category(row, "Theirs"),
    "users": lambda row: change_account(the_account("owner"), row, name="Theirs", role=Role.EDITOR),
}


@pytest.mark.parametrize(
    ("screen", "question"),
    [
        *((screen, "delete") for screen in CHANGES),
        *(("users", question) for question in ("deactivate", "sign-out")),
    ],
)
def test_record_changed_after_the_question_is_not_touched(
    screen: str, question: str, app: Flask, owner: FlaskClient, make: Make
) -> None:
    key = make(screen)
    path = f"/admin/{screen}/{question}/"
    form = record_form(owner.get(f"{path}?id={key}").text)
    with app.app_context():
        CHANGES[screen](db.session.get_one(MODELS[screen], key))
        db.session.commit()
    before = database_digest(app)
    owner.post(path, data=form)
    [(category, words)] = flashes(owner.get(f"/admin/{screen}/").text)
    assert (category, words.endswith(CHANGED)) == ("error", True)
    assert database_digest(app) == before


@pytest.mark.parametrize(
    ("number", "named", "rest"),
    [
        (1, 1, " has "),
        (2, 2, " have "),
        (5, 5, " have "),
        (6, 5, " and 1 more have "),
        (7, 5, " and 2 more have "),
    ],
)
def test_message_names_five_changed_records_and_counts_the_rest(
    number: int, named: int, rest: str, app: Flask, owner: FlaskClient, make: Make, submit: Submit
) -> None:
    keys = [make("products", f"Lamp {place}") for place in range(8)]
    form = record_form(submit(owner, "/admin/products/action/", action="delete", rowid=keys).text)
    with app.app_context():
        for key in keys[:number]:
            update_product(db.session.get_one(Product, key), {"price": Decimal(99)})
        db.session.commit()
    owner.post("/admin/products/action/", data=form)
    [(category, words)] = flashes(owner.get("/admin/products/").text)
    names = ", ".join(f"“Lamp {place}”" for place in range(named))
    assert (category, words) == ("error", f"{names}{rest}{CHANGED}")


@pytest.fixture
def trashed(app: Flask) -> int:
    """The number of a product in the trash."""
    with app.app_context():
        in_trash("Oak Lamp")
        db.session.commit()
        return find_trashed(1).id


def back_and_forth(app: Flask, key: int) -> None:
    """Another user restores a product, gives it another price and deletes it again.

    It is in the trash under another number then.
    """
    with app.app_context():
        restore_products([key])
        update_product(db.session.get_one(Product, key), {"price": Decimal(99)})
        db.session.commit()
        trash_products([key])
        db.session.commit()


@pytest.mark.parametrize("question", ["restore", "purge", "bulk"])
def test_trashed_product_changed_after_the_question_is_not_touched(
    question: str, app: Flask, owner: FlaskClient, submit: Submit, trashed: int
) -> None:
    path = f"/admin/trash/{question if question != 'bulk' else 'action'}/"
    asked = submit(owner, path, action="restore", rowid=trashed) if question == "bulk" else None
    form = record_form((asked or owner.get(f"{path}?id={trashed}")).text)
    back_and_forth(app, 1)
    answer = owner.post(path, data={**form, "typed": "Oak Lamp"})
    if question == "bulk":
        [(category, words)] = flashes(owner.get("/admin/trash/").text)
        assert category == "error"
        assert words.startswith("The list has changed: it now has 0 products, not 1.")
    else:
        assert answer.status_code == 404
    with app.app_context():
        assert find_trashed(1).id != trashed


def test_export_after_the_question_does_not_stop_the_deletion(
    owner: FlaskClient, app: Flask, make: Make
) -> None:
    key = make("users", email="ada@example.test")
    form = record_form(owner.get(f"/admin/users/delete/?id={key}").text)
    owner.get("/admin/users/export/csv/")
    owner.post("/admin/users/delete/", data=form)
    assert flashes(owner.get("/admin/users/").text) == [("success", "Account ada@example.test deleted.")]
