"""Undo, beside the flash that tells what was done: for whoever did it, as long as nobody touched it since."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product, products
from unit.admin.reading import flashes, record_form
from unit.admin.undoing import LIST, UNDO, edit, offered, undo
from unit.conftest import ClientAs, Submit
from unit.history.reading import change_sets


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
        ("error", "Nothing was reverted: “LAMPS” is now another category.")
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
