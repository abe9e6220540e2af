"""Undo, beside the flash that tells what was done: for whoever did it, as long as nobody touched it since."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.trash import purge_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from unit.admin.reading import flashes, record_form
from unit.conftest import ClientAs, Submit
from unit.factories.accounts import an_account
from unit.factories.catalogue import a_category, a_product, products
from unit.history.reading import change_sets

UNDO = "/admin/revert/undo/"
LIST = "/admin/products/"


@pytest.fixture
def lamp(app: Flask) -> int:
    """The number of a product called Oak Lamp, 7 in stock."""
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
        return key


def offered(html: str) -> str | None:
    """The id of the change set that a page offers to undo."""
    found = re.search(rf'action="{UNDO}".*?name="id" value="(\d+)"', html, re.S)
    return found and found[1]


def edit(client: FlaskClient, key: int, **fields: str) -> None:
    address = f"{LIST}edit/?id={key}"
    client.post(address, data={**record_form(client.get(address).text), **fields})


def undo(client: FlaskClient, submit: Submit, path: str = LIST) -> tuple[str, str]:
    """Press the Undo that the list offers; the flash that answers."""
    key = offered(client.get(path).text)
    assert key, "there is nothing to undo"
    submit(client, UNDO, id=key, next=path)
    return flashes(client.get(path).text)[0]


def test_what_was_saved_is_undone(app: Flask, editor: FlaskClient, submit: Submit, lamp: int) -> None:
    edit(editor, lamp, name="Elm Lamp", stock="3")
    assert undo(editor, submit) == ("success", "Undone: 1 record as before.")
    with app.app_context():
        product = db.session.get_one(Product, lamp)
        assert (product.name, product.stock, product.version) == ("Oak Lamp", 7, 3)
        last = change_sets()[-1]
        assert (last.kind, last.reverts_id) == ("undo", last.id - 1)
        assert verify(db.session).faults == []


def test_what_was_undone_is_done_again_by_undoing_that(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    submit(editor, UNDO, id=key, next=LIST)
    assert undo(editor, submit)[0] == "success"
    with app.app_context():
        assert db.session.get_one(Product, lamp).stock == 3


def test_the_offer_is_shown_once(editor: FlaskClient, lamp: int) -> None:
    edit(editor, lamp, stock="3")
    assert offered(editor.get(LIST).text)
    assert not offered(editor.get(LIST).text)


def test_saving_without_a_change_offers_nothing(editor: FlaskClient, lamp: int) -> None:
    edit(editor, lamp)
    page = editor.get(LIST).text
    assert flashes(page) == [("success", "Product “Oak Lamp” saved.")]
    assert not offered(page)


def test_what_was_deleted_comes_back(app: Flask, editor: FlaskClient, submit: Submit, lamp: int) -> None:
    submit(editor, f"{LIST}delete/", id=lamp)
    assert undo(editor, submit)[0] == "success"
    with app.app_context():
        assert db.session.get_one(Product, lamp).name == "Oak Lamp"


def test_what_was_created_goes_to_the_trash(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    submit(
        editor,
        f"{LIST}new/",
        name="Lamp",
        sku="L",
        price="1",
        currency="EUR",
        stock="0",
        status="draft",
        category="",
    )
    assert undo(editor, submit)[0] == "success"
    with app.app_context():
        assert db.session.scalars(select(Product)).all() == []
    assert "Lamp" in editor.get("/admin/trash/").text


def test_a_bulk_change_is_undone_to_what_each_was(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        rows = [a_product(status=status) for status in ProductStatus]
        keys = [row.id for row in rows]
        db.session.commit()
    submit(editor, f"{LIST}action/", action="archived", confirm="1", rowid=keys)
    assert undo(editor, submit) == ("success", "Undone: 2 records as before.")
    with app.app_context():
        assert [db.session.get_one(Product, key).status for key in keys] == list(ProductStatus)


def test_a_bulk_deletion_is_undone(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        products(30)
        db.session.commit()
    submit(editor, f"{LIST}action/", action="delete", confirm="1", matching="", number="30")
    assert undo(editor, submit) == ("success", "Undone: 30 records as before.")
    with app.app_context():
        assert len(db.session.scalars(select(Product)).all()) == 30


def test_a_category_that_was_deleted_comes_back_under_its_number(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        category = a_category("Lamps")
        db.session.commit()
        key, made = category.id, category.created_at
    submit(editor, "/admin/categories/delete/", id=key)
    assert undo(editor, submit, "/admin/categories/")[0] == "success"
    with app.app_context():
        category = db.session.get_one(Category, key)
        assert (category.name, category.created_at, category.version) == ("Lamps", made, 2)
        assert verify(db.session).faults == []
    assert editor.get(f"/admin/categories/edit/?id={key}").status_code == 200


def test_a_category_whose_name_is_taken_by_then_stays_gone(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        key = a_category("Lamps").id
        db.session.commit()
    submit(editor, "/admin/categories/delete/", id=key)
    change_set = offered(editor.get("/admin/categories/").text)
    with app.app_context():
        a_category("LAMPS")
        db.session.commit()
    submit(editor, UNDO, id=change_set, next="/admin/categories/")
    assert flashes(editor.get("/admin/categories/").text) == [
        ("error", "Nothing was taken back: “LAMPS” is now another category.")
    ]


def test_a_role_that_was_changed_is_undone(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    with app.app_context():
        key = an_account("viewer").id
        db.session.commit()
    owner = client_as("owner")
    address = f"/admin/users/edit/?id={key}"
    owner.post(address, data={**record_form(owner.get(address).text), "role": "admin"})
    assert undo(owner, submit, "/admin/users/")[0] == "success"
    with app.app_context():
        assert db.session.get_one(User, key).role == "viewer"


def test_deleting_an_account_offers_no_undo(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    with app.app_context():
        key = an_account("viewer").id
        db.session.commit()
    owner = client_as("owner")
    submit(owner, "/admin/users/delete/", id=key)
    assert not offered(owner.get("/admin/users/").text)
    with app.app_context():
        change_set = change_sets()[-1].id
    submit(owner, UNDO, id=change_set, next="/admin/users/")
    ((category, message),) = flashes(owner.get("/admin/users/").text)
    assert (category, "cannot be brought back, for the password is gone" in message) == ("error", True)


def test_what_somebody_touched_since_is_not_undone_and_named(
    app: Flask, editor: FlaskClient, client_as: ClientAs, submit: Submit, lamp: int
) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    edit(client_as("admin"), lamp, stock="5", name="Elm Lamp")
    submit(editor, UNDO, id=key, next=LIST)
    assert flashes(editor.get(LIST).text) == [
        ("error", "Nothing was taken back: “Elm Lamp” was changed since: Stock.")
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
    assert flashes(editor.get(LIST).text)[0][1] == "Nothing was taken back: “Elm Lamp” was changed since."


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
        ("error", "Nothing was taken back: “Oak Lamp” was deleted for good.")
    ]


def test_undoing_twice_does_it_once(app: Flask, editor: FlaskClient, submit: Submit, lamp: int) -> None:
    edit(editor, lamp, stock="3")
    key = offered(editor.get(LIST).text)
    submit(editor, UNDO, id=key, next=LIST)
    submit(editor, UNDO, id=key, next=LIST)
    assert ("error", "Nothing was taken back: “Oak Lamp” was changed since: Stock.") in flashes(
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
        ("error", "Nothing was taken back: another product now has the SKU.")
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
        "Nothing was taken back: the category that it had is gone.",
    )


def test_what_was_changed_and_changed_back_since_is_not_undone(
    app: Flask, editor: FlaskClient, client_as: ClientAs, submit: Submit, lamp: int
) -> None:
    """Whoever changed it back may have meant to: the history can still revert it."""
    edit(editor, lamp, stock="3")
    for stock in ("9", "3"):
        edit(client_as("admin"), lamp, stock=stock)
    assert undo(editor, submit) == ("error", "Nothing was taken back: “Oak Lamp” was changed since.")
    with app.app_context():
        assert (db.session.get_one(Product, lamp).stock, change_sets()[-1].kind) == (3, "edit")
