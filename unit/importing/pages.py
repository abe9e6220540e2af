"""The pages of an import, driven as a browser without scripts does, and the worker behind them."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dashboard.jobs.worker import Worker
from dashboard.testing.markup import Element, read
from unit.record_view.conftest import logged_in

LIST = "/admin/own_suppliers/"
IMPORT = f"{LIST}import/"
FORM = "multipart/form-data; boundary=x"
FILE = "name,city,rating\nOak & Sons,Bonn,4.5\nElm,Trier,2\nYew,Ulm,1\n"
"""One row that changes nothing, one that changes a supplier, and a new one."""


class Pages:
    """A user who imports suppliers, or other records at another address, page by page."""

    def __init__(self, app: Flask, role: str = "editor", at: str = IMPORT) -> None:
        self.app, self.worker, self.at = app, Worker(app), at
        self.client: FlaskClient = logged_in(app, role)

    @property
    def token(self) -> str:
        """A token of the session."""
        return main(self.get(self.at)).all("input", name="csrf_token")[0].attributes["value"]

    def get(self, address: str) -> TestResponse:
        """A page."""
        return self.client.get(address)

    def text(self, address: str) -> str:
        """The text of the main part of a page, in one line."""
        return main(self.get(address)).text

    def send(self, address: str, button: str, **changed: Any) -> TestResponse:
        """Press a button of a page, with its form as it is but for `changed`."""
        form = form_with(self.get(address), button)
        pressed = next(each for each in form.all("button") if each.text == button)
        sent = form.fields
        if "name" in pressed.attributes:
            sent[pressed.attributes["name"]] = pressed.attributes.get("value", "")
        for name, value in changed.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        action = pressed.attributes.get("formaction") or form.attributes.get("action") or address
        return self.client.post(action, data=sent)

    def form(self, address: str, button: str) -> MultiDict[str, str]:
        """The fields that the form of a page with this button sends."""
        return form_with(self.get(address), button).fields

    def upload(self, content: str | bytes = FILE, name: str = "suppliers.csv", **fields: str) -> TestResponse:
        """Upload a file by the form."""
        found = form_with(self.get(self.at), "Upload").fields
        found.pop("file", None)
        raw = content.encode() if isinstance(content, str) else content
        body = multipart({**found.to_dict(), **fields}, name, raw)
        return self.client.post(self.at, data=body, content_type=FORM)

    def paste(self, text: str) -> TestResponse:
        """Paste rows into the form."""
        return self.send(self.at, "Upload", text=text)

    def columns(self, content: str | bytes = FILE, **more: str) -> str:
        """Upload a file; the address of the page about its columns."""
        answer = self.upload(content, **more)
        assert answer.status_code == 303, main(answer).text
        return str(answer.location)

    def check(self, content: str | bytes = FILE, **changed: Any) -> str:
        """Upload a file and let it be checked; the address of the page about the check."""
        answer = self.send(self.columns(content), "Check", **changed)
        assert answer.status_code == 303, main(answer).text
        self.work()
        return str(answer.location)

    def apply(self, check: str, button: str = "Import all 3 rows") -> str:
        """Press the button that imports, and let the worker work; the address of the result."""
        answer = self.send(check, button)
        self.work()
        return str(answer.location)

    def work(self) -> None:
        """Let the worker do what there is."""
        while self.worker.did_one():
            pass


def multipart(fields: dict[str, str], name: str, content: bytes) -> bytes:
    """The body of a form with a file. The client of Werkzeug would leave a temporary file open."""
    texts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'
        for key, text in fields.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return "".join([*texts, head]).encode() + content + b"\r\n--x--\r\n"


def main(answer: TestResponse) -> Element:
    """The main part of a page."""
    return read(answer.text).all("main")[0]


def form_with(answer: TestResponse, button: str) -> Element:
    """The form of a page that has this button."""
    forms = main(answer).all("form", method="post")
    return next(each for each in forms if any(b.text == button for b in each.all("button")))


def buttons(answer: TestResponse) -> list[str]:
    """The buttons of the main part of a page, without those of messages."""
    return [each.text for each in main(answer).all("button") if each.text]


def number_in(address: str) -> int:
    """The number of the job that an address names."""
    found = re.search(r"id=(\d+)", address)
    assert found, address
    return int(found[1])
