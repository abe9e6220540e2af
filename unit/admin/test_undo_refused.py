"""What is in the way of undo, and whose undo it is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import purge_products
from dashboard.extensions import db
from dashboard.testing.catalogue import a_category, a_product, products
from unit.admin.reading import flashes
from unit.admin.undoing import LIST, UNDO, edit, offered, undo
from unit.conftest import ClientAs, Submit
from unit.history.reading import change_sets


def test_what_somebody_touched_since_is_not_undone_and_named(
    app: Flask, editor: FlaskClient, client_as: ClientAs, submit: Submit, lamp: int
) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    edit(client_as("admin"), lamp, stock="5", name="Elm Lamp")
    submit(editor, UNDO, id=key, next=LIST)
    assert flashes(editor.get(LIST).text) == [
        ("error", "Nothing was reverted: “Elm Lamp” was changed since: Stock.")
    ]
    with app.app_context():
        assert db.session.get_one(Product, lamp).stock == 5


def test_another_field_that_somebody_touched_since_is_in_the_way_of_undo_too(
    editor: FlaskClient, client_as: ClientAs, submit: Submit, lamp: int
) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    edit(client_as("admin"), lamp, name="Elm Lamp")
    submit(editor, UNDO, id=key, next=LIST)
    assert flashes(editor.get(LIST).text)[0][1] == "Nothing was reverted: “Elm Lamp” was changed since."


def test_of_many_only_the_first_in_the_way_are_named_and_none_is_undone(
    app: Flask, editor: FlaskClient, client_as: ClientAs, submit: Submit
) -> None:
    with app.app_context():
        products(8)
        db.session.commit()
    everything = {"confirm": "1", "matching": "", "number": "8"}
    submit(editor, f"{LIST}action/", action="archived", **everything)
    key = offered(editor.get(LIST).text)
    submit(client_as("admin"), f"{LIST}action/", action="draft", **everything)
    submit(editor, UNDO, id=key, next=LIST)
    ((_, message),) = flashes(editor.get(LIST).text)
    assert message.count("was changed since: Status") == 5
    assert message.endswith("; and 3 more.")
    with app.app_context():
        assert {each.status for each in db.session.scalars(select(Product))} == {"draft"}


def test_what_is_gone_for_good_does_not_come_back(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    submit(editor, f"{LIST}delete/", id=lamp)
    key = offered(editor.get(LIST).text)
    with app.app_context():
        purge_products([lamp])
        db.session.commit()
    submit(editor, UNDO, id=key, next=LIST)
    assert flashes(editor.get(LIST).text) == [
        ("error", "Nothing was reverted: “Oak Lamp” was deleted permanently.")
    ]


def test_undoing_twice_does_it_once(app: Flask, editor: FlaskClient, submit: Submit, lamp: int) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    submit(editor, UNDO, id=key, next=LIST)
    submit(editor, UNDO, id=key, next=LIST)
    assert ("error", "Nothing was reverted: “Oak Lamp” was changed since: Stock.") in flashes(
        editor.get(LIST).text
    )


def test_nobody_undoes_what_another_did(
    app: Flask, editor: FlaskClient, client_as: ClientAs, submit: Submit, lamp: int
) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    assert submit(client_as("owner"), UNDO, id=key).status_code == 403
    with app.app_context():
        assert db.session.get_one(Product, lamp).stock == 3


def test_who_may_no_longer_edit_undoes_nothing(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    with app.app_context():
        for user in db.session.scalars(select(User)):
            user.role = user.role.VIEWER
        db.session.commit()
    assert submit(editor, UNDO, id=key).status_code == 403


@pytest.mark.parametrize("key", ["", "0", "999", "x", "1e3", "9" * 30])
def test_what_names_no_change_is_404(editor: FlaskClient, submit: Submit, key: str) -> None:
    assert submit(editor, UNDO, id=key).status_code == 404


def test_a_taken_sku_is_in_the_way(app: Flask, editor: FlaskClient, submit: Submit, lamp: int) -> None:
    with app.app_context():
        old = db.session.get_one(Product, lamp).sku
    edit(editor, lamp, sku="NEW")
    key = offered(editor.get(LIST).text)
    with app.app_context():
        a_product(sku=old)
        db.session.commit()
    submit(editor, UNDO, id=key, next=LIST)
    assert flashes(editor.get(LIST).text) == [
        ("error", "Nothing was reverted: another product now has the SKU.")
    ]


def test_a_category_that_is_gone_is_in_the_way(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        category = a_category()
        key = a_product(category=category).id
        db.session.commit()
        gone = category.id
    edit(editor, key, category="")
    change_set = offered(editor.get(LIST).text)
    submit(editor, "/admin/categories/delete/", id=gone)
    submit(editor, UNDO, id=change_set, next=LIST)
    assert flashes(editor.get(LIST).text)[-1] == (
        "error",
        "Nothing was reverted: the category that it had is gone.",
    )


def test_what_was_changed_and_changed_back_since_is_not_undone(
    app: Flask, editor: FlaskClient, client_as: ClientAs, submit: Submit, lamp: int
) -> None:
    """Whoever changed it back may have meant to: the history can still revert it."""
    edit(editor, lamp, stock="3")
    for stock in ("9", "3"):
        edit(client_as("admin"), lamp, stock=stock)
    assert undo(editor, submit) == ("error", "Nothing was reverted: “Oak Lamp” was changed since.")
    with app.app_context():
        assert (db.session.get_one(Product, lamp).stock, change_sets()[-1].kind) == (3, "edit")
