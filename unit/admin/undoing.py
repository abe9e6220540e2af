"""The Undo button of a message."""

import re

from flask.testing import FlaskClient

from unit.admin.reading import flashes, record_form
from unit.conftest import Submit

UNDO = "/admin/revert/undo/"

LIST = "/admin/products/"


def offered(html: str) -> str | None:
    """The id of the change set that a page offers to undo."""
    found = re.search(rf'action="{UNDO}".*?name="id" value="(\d+)"', html, re.S)
    return found and found[1]


def edit(client: FlaskClient, key: int, **fields: str) -> None:
    address = f"{LIST}edit/?id={key}"
    client.post(address, data={**record_form(client.get(address).text), **fields})


def undo(client: FlaskClient, submit: Submit, path: str = LIST) -> tuple[str, str]:
    """Press Undo on the list, and return the next message."""
    key = offered(client.get(path).text)
    assert key, "there is nothing to undo"
    submit(client, UNDO, id=key, next=path)
    return flashes(client.get(path).text)[0]
