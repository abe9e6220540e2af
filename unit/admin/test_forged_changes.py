"""Requests that no page sends, to reverting and bulk editing: refused, and nothing is written."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.catalogue.flows import delete_categories, update_product
from dashboard.catalogue.models import Category, Product
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.testing.catalogue import a_category, products
from unit.admin.conftest import Write
from unit.admin.reading import field_errors
from unit.conftest import Submit
from unit.digest import database_digest

REVERT = "/admin/revert/"
UNDO = "/admin/revert/undo/"
ACTION = "/admin/products/action/"
EDIT = {
    "action": "edit",
    "stage": "preview",
    "rowid": "1",
    "status": "",
    "category": "",
    "price_how": "",
    "price_by": "",
    "rounding": "0",
    "stock_how": "set",
    "stock_by": "3",
    "note": "",
}
NUL, HUGE = "\0", "9" * 5000


def changes_of(app: Flask, change_set: int) -> list[int]:
    with app.app_context():
        its = Change.change_set_id == change_set
        return list(db.session.scalars(select(Change.id).where(its).order_by(Change.id)))


def made(app: Flask, editor: FlaskClient, write: Write) -> int:
    """The change set that created a category."""
    return write(lambda: a_category("Lamps"))


def deleted(app: Flask, editor: FlaskClient, write: Write) -> int:
    """The change set that deleted a category."""
    write(lambda: a_category("Lamps"))
    return write(lambda: delete_categories(list(db.session.scalars(select(Category)))))


def trashed(app: Flask, editor: FlaskClient, write: Write) -> int:
    """The change set that moved a product to the trash."""
    write(lambda: products(1))
    return write(lambda: trash_products([1]))


@pytest.mark.parametrize("field", ["name", "created_at"])
@pytest.mark.parametrize("happened", [made, deleted, trashed])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_single_field_of_a_creation_or_deletion_cannot_be_reverted(
    app: Flask, editor: FlaskClient, write: Write, submit: Submit, happened: Any, field: str, method: str
) -> None:
    change_set = happened(app, editor, write)
    (change,) = changes_of(app, change_set)
    before = database_digest(app)
    part = {"set": change_set, "change": change, "field": field}
    answer = editor.get(REVERT, query_string=part) if method == "GET" else submit(editor, REVERT, **part)
    assert answer.status_code == 404
    assert database_digest(app) == before


def test_field_without_its_change_does_not_revert_everything(
    app: Flask, editor: FlaskClient, write: Write, submit: Submit, lamp: int
) -> None:
    def change() -> None:
        update_product(db.session.get_one(Product, lamp), {"name": "Elm Lamp", "price": Decimal(13)})

    change_set = write(change)
    before = database_digest(app)
    assert submit(editor, REVERT, set=change_set, field="name").status_code == 404
    assert database_digest(app) == before


@pytest.mark.parametrize("path", [REVERT, UNDO])
@pytest.mark.parametrize(
    "key", ["", NUL, f"1{NUL}", HUGE, "9" * 18, "-1", "1.0", "\u0661", " 1", "0x1", "1 OR 1=1"]
)
def test_invalid_number_of_a_change_is_404(
    app: Flask, editor: FlaskClient, submit: Submit, path: str, key: str, lamp: int
) -> None:
    before = database_digest(app)
    assert submit(editor, path, set=key, id=key).status_code == 404
    assert submit(editor, path, set="1", change=key or NUL, id=key, field=key).status_code == 404
    assert database_digest(app) == before


@pytest.mark.parametrize("stage", ["apply", "confirm", "", "PREVIEW", NUL, HUGE])
def test_only_the_confirmed_preview_changes_anything(
    app: Flask, editor: FlaskClient, submit: Submit, stage: str, lamp: int
) -> None:
    before = database_digest(app)
    assert submit(editor, ACTION, **{**EDIT, "stage": stage}).status_code == 200
    assert (
        submit(editor, ACTION, **{**EDIT, "stage": stage, "matching": "", "number": "1"}).status_code == 200
    )
    assert database_digest(app) == before


@pytest.mark.parametrize(
    "name", ["status", "category", "price_how", "price_by", "rounding", "stock_how", "stock_by"]
)
@pytest.mark.parametrize(
    "value", [NUL, HUGE, "-1", "1e5", "NaN", "Infinity", "\u0663", "none", "0.0000000001"]
)
def test_any_value_of_a_field_is_answered_with_a_page(
    app: Flask, editor: FlaskClient, submit: Submit, name: str, value: str, lamp: int
) -> None:
    for how in ("set", "add", "subtract", "raise", "lower"):
        sent = {**EDIT, "price_how": how, "price_by": "1", name: value}
        assert submit(editor, ACTION, **sent).status_code == 200
        assert submit(editor, ACTION, **{**sent, "confirm": "1"}).status_code in (200, 303)


@pytest.mark.parametrize("name", [name for name in EDIT if name not in ("action", "rowid")])
def test_missing_field_is_answered_with_a_page(
    app: Flask, editor: FlaskClient, submit: Submit, name: str, lamp: int
) -> None:
    sent = {key: value for key, value in EDIT.items() if key != name}
    assert submit(editor, ACTION, **sent).status_code == 200
    assert submit(editor, ACTION, **{**sent, "confirm": "1"}).status_code in (200, 303)


@pytest.mark.parametrize("price", ["9999999999", "9999999999.9999999999", "0.0000000001"])
@pytest.mark.parametrize("how", ["set", "add", "subtract", "raise", "lower"])
def test_largest_and_smallest_amounts_are_answered_with_a_page(
    editor: FlaskClient, submit: Submit, write: Write, how: str, price: str
) -> None:
    def rows() -> None:
        products(3)
        for key, currency in ((1, "EUR"), (2, "JPY"), (3, "KWD")):
            product = db.session.get_one(Product, key)
            product.price, product.currency = Decimal(9999999999), currency

    write(rows)
    for rounding in ("0", "0.05", "1"):
        fields = {"price_how": how, "price_by": price, "rounding": rounding, "rowid": ["1", "2", "3"]}
        assert submit(editor, ACTION, **{**EDIT, **fields}).status_code == 200


@pytest.mark.parametrize("note", [NUL, f"a{NUL}b", "a\nb", "\x1b[31m"])
def test_note_with_line_breaks_or_control_characters_is_refused(
    app: Flask, editor: FlaskClient, submit: Submit, note: str, lamp: int
) -> None:
    before = database_digest(app)
    answer = submit(editor, ACTION, **{**EDIT, "note": note, "confirm": "1"})
    assert answer.status_code == 200
    assert field_errors(answer.text) == {"note": "Remove the control characters or line breaks."}
    assert database_digest(app) == before
