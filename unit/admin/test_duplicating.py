"""New records that begin as copies, and where users go who have saved one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.files.lists import AttachedFile
from dashboard.permissions import Role
from dashboard.testing.catalogue import a_product
from unit.files.photos import Photos, picture
from unit.importing.pages import form_with, main
from unit.record_view.conftest import logged_in

LIST = "/admin/products/?sort=name"
BACK = f"next={quote(LIST, safe='')}"


@pytest.fixture
def lamps(app: Flask) -> list[int]:
    """The numbers of three products, in the order of their names."""
    with app.app_context():
        its = [a_product(name, sku=f"LAMP-{name[0]}") for name in ("Ash", "Birch", "Cedar")]
        db.session.commit()
        return [each.id for each in its]


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A client that an editor is logged in with."""
    return logged_in(app, "editor")


def send(client: FlaskClient, address: str, button: str, **typed: str) -> TestResponse:
    """Type into the form at an address, and press one of its buttons."""
    fields: Any = form_with(client.get(address), button).fields
    for name, text in typed.items():
        fields.setlist(name, [text])
    return client.post(address, data=fields)


def values_of(answer: TestResponse) -> dict[str, Any]:
    return {each.attributes["name"]: each.attributes.get("value") for each in main(answer).all("input")}


def test_copy_has_all_values_and_a_free_code(editor: FlaskClient, lamps: list[int]) -> None:
    answer = editor.get(f"/admin/products/new/?from={lamps[0]}")

    assert values_of(answer)["name"] == "Ash"
    assert values_of(answer)["sku"] == "LAMP-A-2"
    assert "A copy of Ash." in answer.text


def test_second_copy_has_the_next_free_code(editor: FlaskClient, lamps: list[int]) -> None:
    address = f"/admin/products/new/?from={lamps[0]}"
    send(editor, address, "Create product")

    assert values_of(editor.get(address))["sku"] == "LAMP-A-3"


def test_copy_of_a_name_has_a_number_after_a_blank(app: Flask, editor: FlaskClient) -> None:
    with app.app_context():
        db.session.add(Category(name="Oak chairs"))
        db.session.commit()
        key = db.session.scalar(select(Category.id))

    assert values_of(editor.get(f"/admin/categories/new/?from={key}"))["name"] == "Oak chairs 2"


def test_code_of_full_length_is_cut_for_its_number(app: Flask, editor: FlaskClient) -> None:
    with app.app_context():
        key = a_product("Long", sku="X" * 40).id
        db.session.commit()

    found = values_of(editor.get(f"/admin/products/new/?from={key}"))["sku"]

    assert found == "X" * 38 + "-2"


def test_copy_has_the_photos_of_the_original(app: Flask, lamps: list[int]) -> None:
    original = Photos(app, lamps[0], "admin")
    original.add(picture("red"), picture("blue"))
    first, second = original.keys()
    original.change(**{f"words-{first}": "From the front"})
    editor = logged_in(app, "editor")
    address = f"/admin/products/new/?from={lamps[0]}"
    fields: Any = form_with(editor.get(address), "Create product").fields
    assert fields.getlist("dashboard-photos-key") == [first, second]
    fields.setlist("dashboard-photos-key", [first])

    editor.post(address, data=fields)

    with app.app_context():
        photos = db.session.scalar(select(Product.photos).where(Product.sku == "LAMP-A-2"))
        assert photos == (AttachedFile(first, "From the front"),)


def test_copy_of_nothing_is_not_found(editor: FlaskClient, lamps: list[int]) -> None:
    assert editor.get(f"/admin/products/new/?from={lamps[-1] + 99}").status_code == 404
    assert editor.get("/admin/products/new/?from=x").status_code == 404


def test_copy_that_lost_a_photo_since_says_so(app: Flask, lamps: list[int]) -> None:
    original = Photos(app, lamps[0], "admin")
    original.add(picture())
    editor = logged_in(app, "editor")
    address = f"/admin/products/new/?from={lamps[0]}"
    fields: Any = form_with(editor.get(address), "Create product").fields
    original.change(remove=original.keys()[0])

    assert "1 file can no longer be added." in editor.post(address, data=fields).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Product)) == len(lamps)


def test_record_that_may_not_be_changed_is_no_next_one(app: Flask, owner: FlaskClient) -> None:
    logged_in(app, "editor")
    with app.app_context():
        emails = {each.role: each.id for each in db.session.scalars(select(User).order_by(User.email))}
    back = quote("/admin/users/?sort=email", safe="")
    address = f"/admin/users/edit/?id={emails[Role.EDITOR]}&next={back}"

    answer = send(owner, address, "Save account", then="next")

    assert list(emails) == [Role.EDITOR, Role.OWNER]
    assert answer.location == "/admin/users/?sort=email"


def test_viewer_is_offered_no_copy(app: Flask, lamps: list[int]) -> None:
    page = logged_in(app, "viewer").get(f"/admin/products/details/?id={lamps[0]}")

    assert "Duplicate" not in page.text


def test_account_is_invited_and_never_duplicated(app: Flask, owner: FlaskClient) -> None:
    page = owner.get("/admin/users/details/?id=1")

    assert page.status_code == 200
    assert "Duplicate" not in page.text
    assert values_of(owner.get("/admin/users/new/?from=1"))["email"] == ""
    assert "add another" not in owner.get("/admin/users/new/").text


def test_record_is_created_and_another_one_added(editor: FlaskClient, lamps: list[int]) -> None:
    address = f"/admin/products/new/?from={lamps[0]}&{BACK}"

    answer = send(editor, address, "Create product", then="another")

    assert answer.location == f"/admin/products/new/?{BACK}"
    assert "Product “Ash” created." in editor.get(answer.location).text


def test_saving_leads_to_the_next_record_as_the_list_was(editor: FlaskClient, lamps: list[int]) -> None:
    answer = send(
        editor, f"/admin/products/edit/?id={lamps[0]}&{BACK}", "Save product", name="Zelkova", then="next"
    )

    assert answer.location == f"/admin/products/edit/?id={lamps[1]}&{BACK}"


def test_saving_the_last_record_leads_to_the_list(editor: FlaskClient, lamps: list[int]) -> None:
    address = f"/admin/products/edit/?id={lamps[2]}&{BACK}"

    assert send(editor, address, "Save product", then="next").location == LIST


def test_question_of_a_merge_goes_on_to_the_next_record(
    app: Flask, editor: FlaskClient, lamps: list[int]
) -> None:
    address = f"/admin/products/edit/?id={lamps[0]}&{BACK}"
    fields: Any = form_with(editor.get(address), "Save product").fields
    send(logged_in(app, "admin"), address, "Save product", name="Ash tree")
    fields.setlist("name", ["Ash lamp"])
    fields.setlist("then", ["next"])

    answer = editor.post(address, data=fields)

    assert answer.status_code == 409
    assert values_of(answer)["then"] == "next"


def test_form_opened_on_a_page_leads_back_to_it(editor: FlaskClient, lamps: list[int]) -> None:
    page = f"/admin/products/details/?id={lamps[0]}&{BACK}"
    [edit] = [each for each in main(editor.get(page)).all("a") if each.text == "Edit"]
    address = edit.attributes["href"]

    assert f'href="{page.replace("&", "&amp;")}"' in editor.get(address).text
    assert send(editor, address, "Save product", name="Ash tree").location == page


def test_list_points_once_at_the_row_that_was_saved(editor: FlaskClient, lamps: list[int]) -> None:
    address = f"/admin/products/edit/?id={lamps[1]}&{BACK}"
    answer = send(editor, address, "Save product", name="Beech")
    page = editor.get(answer.location)

    [row] = main(page).all("tr", class_="told-of")
    assert "Beech" in row.text
    assert [each.text for each in main(page).all("a") if "autofocus" in each.attributes] == ["Beech"]
    assert "told-of" not in editor.get(LIST).text
