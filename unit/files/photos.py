"""Pictures to upload, and a user who changes the photos of products page by page."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.files.lists import AttachedFile
from unit.importing.pages import FORM, form_with, main
from unit.record_view.conftest import logged_in
from unit.unread import Unread

LATER = timedelta(days=2)
"""The time after which files of no record are deleted."""


def picture(colour: str = "red", size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    """The bytes of a plain picture."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


class Photos:
    """A user on the page with the photos of a product."""

    def __init__(self, app: Flask, product_id: int, role: str = "editor") -> None:
        self.app, self.id = app, product_id
        self.client: FlaskClient = logged_in(app, role)
        self.address = f"/admin/products/files/?id={product_id}&field=photos"

    def page(self) -> Any:
        """The main part of the page."""
        return main(self.client.get(self.address))

    def token(self) -> str:
        return str(form_with(self.client.get(self.address), "Upload").fields["csrf_token"])

    def add(self, *contents: bytes, name: str = "front.png", **more: Any) -> TestResponse:
        """Send pictures by the form, and follow it."""
        files = [(io.BytesIO(content), name) for content in contents]
        data = {"csrf_token": self.token(), "file": files, **more}
        address = self.address.replace("/files/", "/files/add/")
        return self.client.post(address, data=data, follow_redirects=True)

    def unread(self, size: int) -> TestResponse:
        """The answer to a form whose body has so many bytes, none of which may be read."""
        said = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": FORM, "wsgi.input": Unread()}
        return self.client.post(self.address.replace("/files/", "/files/add/"), environ_overrides=said)

    def upload(self, content: bytes, name: str = "front.png") -> TestResponse:
        """Send one picture as the script does."""
        data = {"csrf_token": self.token(), "file": (io.BytesIO(content), name)}
        return self.client.post(self.address.replace("/files/", "/files/upload/"), data=data)

    def change(self, **fields: Any) -> TestResponse:
        """Send the form of the list with other fields, and follow it."""
        sent = self.opened()
        for name, value in fields.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        return self.send(sent)

    def opened(self) -> Any:
        """The fields of the form of the list, as it is now."""
        return form_with(self.client.get(self.address), "Save photos").fields

    def send(self, fields: Any) -> TestResponse:
        """Send these fields, and follow the answer."""
        return self.client.post(self.address, data=fields, follow_redirects=True)

    def press(self, address: str, button: str) -> TestResponse:
        """Press a button of a page that asks, and follow the answer."""
        sent = form_with(self.client.get(address), button).fields
        return self.client.post(address, data=sent, follow_redirects=True)

    def undo(self, page: TestResponse) -> TestResponse:
        """Press Undo beside the message of a page."""
        sent = form_with(page, "Undo").fields
        return self.client.post("/admin/revert/undo/", data=sent, follow_redirects=True)

    def stored(self) -> list[AttachedFile]:
        """The photos of the product in the database."""
        with self.app.app_context():
            return [*(db.session.scalar(select(Product.photos).where(Product.id == self.id)) or ())]

    def keys(self) -> list[str]:
        return [each.key for each in self.stored()]
