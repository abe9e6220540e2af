"""Restoring from the trash, and the links and forms of deleted records."""

import pytest
from flask import Flask

from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product, find_trashed, products
from dashboard.trash.models import Trashed
from unit.admin.reading import flashes, read, record_form
from unit.admin.trashing import TRASH, names
from unit.admin.undoing import undo
from unit.conftest import ClientAs, Submit


def test_product_is_restored(app: Flask, client_as: ClientAs, submit: Submit, trashed: int) -> None:
    editor = client_as("editor")
    assert "Restore Oak Lamp?" in editor.get(f"{TRASH}restore/?id={trashed}").text
    assert names(app, Trashed) == ["Oak Lamp"]
    submit(editor, f"{TRASH}restore/", id=trashed)
    assert flashes(editor.get(TRASH).text) == [("success", "Product “Oak Lamp” restored.")]
    assert (names(app, Trashed), names(app, Product)) == ([], ["Oak Lamp"])
    assert submit(editor, f"{TRASH}restore/", id=trashed).status_code == 404


@pytest.mark.parametrize("page", ["?q=oak", "details/?id={}&next=/admin/trash/?q%3Doak"])
def test_button_restores_at_once_and_leads_back(
    app: Flask, client_as: ClientAs, trashed: int, page: str
) -> None:
    editor = client_as("editor")
    shown = read(editor.get(TRASH + page.format(trashed)).text)
    [form] = [each for each in shown.all("form") if "/restore/" in each.attributes.get("action", "")]
    token = {"csrf_token": shown.fields["csrf_token"]}
    button = {"id": str(trashed)} if form.attributes.get("id") == "row" else {}
    answer = editor.post(form.attributes["action"], data={**token, **button})
    assert answer.headers["Location"] == f"{TRASH}?q=oak"
    after = editor.get(f"{TRASH}?q=oak").text
    assert flashes(after) == [("success", "Product “Oak Lamp” restored.")]
    assert "/admin/revert/undo/" in after
    assert (names(app, Trashed), names(app, Product)) == ([], ["Oak Lamp"])


def test_undo_of_restoring_deletes_again(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int
) -> None:
    editor = client_as("editor")
    submit(editor, f"{TRASH}restore/", id=trashed)
    assert undo(editor, submit, TRASH)[0] == "success"
    assert (names(app, Trashed), names(app, Product)) == (["Oak Lamp"], [])


def test_products_are_restored_together(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    with app.app_context():
        trash_products([row.id for row in products(3)])
        db.session.commit()
    editor = client_as("editor")
    submit(editor, f"{TRASH}action/", action="restore", confirm="1", matching="", number="3")
    assert flashes(editor.get(TRASH).text) == [("success", "3 products restored.")]
    assert (len(names(app, Product)), names(app, Trashed)) == (3, [])


def test_taken_sku_is_named_and_nothing_is_restored(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int
) -> None:
    with app.app_context():
        a_product("Other", sku="OL-1")
        db.session.commit()
    editor = client_as("editor")
    submit(editor, f"{TRASH}restore/", id=trashed)
    ((category, message),) = flashes(editor.get(TRASH).text)
    assert (category, "OL-1" in message) == ("error", True)
    assert (names(app, Trashed), names(app, Product)) == (["Oak Lamp"], ["Other"])


@pytest.mark.parametrize("page", ["details", "edit", "delete"])
def test_links_to_a_deleted_record_lead_to_the_trash(
    client_as: ClientAs, trashed: int, trashed_product: int, page: str
) -> None:
    editor = client_as("editor")
    answer = editor.get(f"/admin/products/{page}/?id={trashed_product}")
    assert answer.headers["Location"] == f"{TRASH}details/?id={trashed}"
    assert flashes(editor.get(answer.headers["Location"]).text) == [
        ("warning", "Product “Oak Lamp” is in the trash.")
    ]


def test_viewers_are_told_who_can_restore_a_record(client_as: ClientAs, trashed_product: int) -> None:
    answer = client_as("viewer").get(f"/admin/products/details/?id={trashed_product}")
    assert answer.status_code == 404
    assert "“Oak Lamp” is in the trash. An editor can restore it." in answer.text


def test_form_of_record_deleted_since_shows_input_and_link_to_trash(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    editor = client_as("editor")
    form = record_form(editor.get(f"/admin/products/edit/?id={key}").text)
    submit(client_as("admin"), "/admin/products/delete/", id=key)
    answer = editor.post(f"/admin/products/edit/?id={key}", data={**form, "name": "Typed by me"})
    assert answer.status_code == 404
    assert "Typed by me" in answer.text
    with app.app_context():
        assert f"{TRASH}details/?id={find_trashed(key).id}" in answer.text


def test_form_opened_before_deletion_and_restore_is_merged(app: Flask, client_as: ClientAs) -> None:
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    editor = client_as("editor")
    form = record_form(editor.get(f"/admin/products/edit/?id={key}").text)
    with app.app_context():
        trash_products([key])
        db.session.commit()
        restore_products([key])
        db.session.commit()
    answer = editor.post(f"/admin/products/edit/?id={key}", data={**form, "name": "Typed by me"})
    assert answer.status_code == 409
    saved = editor.post(f"/admin/products/edit/?id={key}", data=record_form(answer.text))
    assert is_redirect(saved)
    assert names(app, Product) == ["Typed by me"]
