"""Files in the form of a new record."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.files.models import StoredFile
from dashboard.history.models import Change
from unit.files.photos import picture
from unit.importing.pages import form_with, main
from unit.record_view.conftest import logged_in

NEW = "/admin/products/new/"
FILE, KEY = "dashboard-photos-file", "dashboard-photos-key"


class NewProduct:
    """A user on the form of a new product."""

    def __init__(self, app: Flask, role: str = "editor") -> None:
        self.app = app
        self.client: FlaskClient = logged_in(app, role)
        self.opened()

    def opened(self, answer: TestResponse | None = None) -> NewProduct:
        """Take the fields of a page with the form."""
        self.fields: MultiDict[str, Any] = form_with(answer or self.client.get(NEW), "Create product").fields
        return self

    def send(self, *contents: bytes, name: str = "front.png", **typed: str) -> TestResponse:
        """Send the form with pictures and with other texts."""
        usual = {"name": "Oak Lamp", "sku": "OAK-1", "price": "5", "currency": "EUR", "stock": "1"}
        for field, text in {**usual, **typed}.items():
            self.fields.setlist(field, [text])
        self.fields.setlist(FILE, [(io.BytesIO(content), name) for content in contents])
        return self.client.post(NEW, data=self.fields, follow_redirects=True)

    def upload(self, content: bytes, query: str = "?field=photos") -> TestResponse:
        """Send one picture as the script does."""
        data = {"csrf_token": self.fields["csrf_token"], "file": (io.BytesIO(content), "front.png")}
        return self.client.post(f"/admin/products/files/upload/{query}", data=data)

    def photos(self) -> list[Any]:
        """The photos of the new product."""
        with self.app.app_context():
            return [*(db.session.scalar(select(Product.photos).where(Product.sku == "OAK-1")) or ())]

    def count(self, model: type[Any]) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def new(app: Flask) -> NewProduct:
    """An editor on the form of a new product."""
    return NewProduct(app)


def test_new_product_has_the_pictures_of_its_form(new: NewProduct) -> None:
    page = new.send(picture("red"), picture("blue")).text

    assert "Product “Oak Lamp” created." in page
    assert len(new.photos()) == 2
    with new.app.app_context():
        its = select(Change.action).where(Change.record_kind == "products")
        assert [*db.session.scalars(its)] == ["create"]


def test_pictures_are_kept_where_the_form_is_wrong(new: NewProduct) -> None:
    answer = new.send(picture(), name="front.png", price="cheap")

    assert new.count(Product) == 0
    assert len(main(answer).all("input", name=KEY)) == 1
    new.opened(answer).send()
    assert len(new.photos()) == 1


def test_description_is_typed_before_the_product_is_there(new: NewProduct) -> None:
    new.opened(new.send(picture(), price="cheap"))
    [key] = new.fields.getlist(KEY)

    new.send(**{f"dashboard-photos-words-{key}": " From the\tfront "})

    assert [each.words for each in new.photos()] == ["From the front"]


def test_picture_that_is_no_longer_ticked_is_left_out(new: NewProduct) -> None:
    new.opened(new.send(picture("red"), picture("blue"), price="cheap"))
    first, second = new.fields.getlist(KEY)
    new.fields.setlist(KEY, [second])

    new.send()

    assert [each.key for each in new.photos()] == [second]
    assert first != second


def test_file_that_is_no_picture_is_refused_beside_the_field(new: NewProduct) -> None:
    answer = new.send(picture(), b"<svg/>", name="logo.png")

    assert "logo.png: This file is not a JPEG, PNG, WebP or GIF image." in answer.text
    assert answer.text.count('href="#dashboard-photos"') == 1
    assert new.count(Product) == 0
    new.opened(answer).send()
    assert len(new.photos()) == 1


def test_more_files_than_allowed_are_refused(new: NewProduct) -> None:
    answer = new.send(*[picture(size=(2, 2))] * 13)

    assert "12 files at most: 1 file not added." in answer.text
    assert new.count(Product) == 0
    assert len(main(answer).all("input", name=KEY)) == 12


def test_more_stored_files_than_allowed_are_refused(new: NewProduct) -> None:
    new.fields.setlist(KEY, [new.upload(picture(size=(2, 2))).get_json()["key"] for _ in range(14)])

    answer = new.send()

    assert "12 files at most: 2 files not added." in answer.text
    assert len(main(answer).all("input", name=KEY)) == 12
    assert new.count(Product) == 0


@pytest.mark.both_databases
def test_key_that_no_file_can_have_is_refused(new: NewProduct) -> None:
    new.fields.setlist(KEY, ["\0", "x" * 40])

    assert "2 files can no longer be added." in new.send().text
    assert new.client.get("/admin/products/file/?key=%00&part=small").status_code == 404


def test_too_long_description_is_refused_and_kept(new: NewProduct) -> None:
    new.opened(new.send(picture(), price="cheap"))
    [key] = new.fields.getlist(KEY)

    answer = new.send(**{f"dashboard-photos-words-{key}": "x" * 301})

    assert "x" * 301 in answer.text
    assert new.count(Product) == 0


def test_script_stores_a_picture_before_the_product_is_there(new: NewProduct) -> None:
    key = new.upload(picture()).get_json()["key"]
    new.fields.setlist(KEY, [key])

    new.send()

    assert [each.key for each in new.photos()] == [key]


def test_picture_of_another_user_is_not_taken(app: Flask, new: NewProduct) -> None:
    admin = NewProduct(app, "admin")
    new.fields.setlist(KEY, [admin.upload(picture()).get_json()["key"]])

    assert "1 file can no longer be added. Choose another one." in new.send().text
    assert new.count(Product) == 0


def test_viewer_stores_nothing_for_a_new_product(app: Flask) -> None:
    viewer = logged_in(app, "viewer")
    sent = {"file": (io.BytesIO(picture()), "front.png")}

    assert viewer.post("/admin/products/files/upload/?field=photos", data=sent).status_code in (400, 403)


def test_list_that_no_product_has_is_not_found(new: NewProduct) -> None:
    assert new.upload(picture(), "?field=papers").status_code == 404


def test_forged_form_stores_no_picture(new: NewProduct) -> None:
    new.fields.setlist("csrf_token", ["forged"])

    assert new.send(picture()).status_code == 400
    assert new.count(StoredFile) == 0
