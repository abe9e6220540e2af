"""Undoing a cell in the list: only a change that the same user made there, while nothing changed since."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.history.models import ChangeKind, ChangeSet, Origin
from unit.admin.conftest import Make, Stored
from unit.admin.reading import read
from unit.conftest import ClientAs, Submit

CELL, UNDO = "/admin/products/cell/", "/admin/products/cell/undo/"


@pytest.fixture
def saved(editor: FlaskClient, submit: Submit, make: Make) -> tuple[int, dict[str, Any]]:
    """A product whose stock of 7 was changed to 5 in the list, and the answer."""
    key = make("products")
    [table] = read(editor.get("/admin/products/").text).all("table", class_="records")
    sent = {"id": str(key), "field": "stock", "value": "5", "version": table.attributes["data-versions"]}
    answer = submit(editor, CELL, **sent)
    assert answer.status_code == 200
    return key, answer.json


def test_undo_of_a_cell_answers_with_its_row(
    saved: tuple[int, dict[str, Any]], editor: FlaskClient, submit: Submit, stored: Stored, app: Flask
) -> None:
    key, told = saved
    answer = submit(editor, UNDO, id=str(key), set=str(told["undo"]))
    assert (answer.status_code, answer.json["rows"][str(key)]["cells"]["stock"]["shown"]) == (200, "7")
    assert stored("products", key)["stock"] == 7
    sent = {
        "id": str(key),
        "field": "stock",
        "value": "6",
        "version": answer.json["rows"][str(key)]["version"],
    }
    assert submit(editor, CELL, **sent).status_code == 200
    with app.app_context():
        found = db.session.scalars(select(ChangeSet).where(ChangeSet.kind == ChangeKind.UNDO)).one()
        assert (found.reverts_id, found.origin) == (told["undo"], Origin.LIST)


def test_undone_cell_can_be_undone_again(
    saved: tuple[int, dict[str, Any]], editor: FlaskClient, submit: Submit, stored: Stored
) -> None:
    key, told = saved
    undone = submit(editor, UNDO, id=str(key), set=str(told["undo"])).json
    assert submit(editor, UNDO, id=str(key), set=str(undone["undo"])).status_code == 200
    assert stored("products", key)["stock"] == 5


def test_cell_that_changed_since_is_not_undone(
    saved: tuple[int, dict[str, Any]], editor: FlaskClient, submit: Submit, stored: Stored
) -> None:
    key, told = saved
    sent = {"id": str(key), "field": "stock", "value": "6", "version": told["version"]}
    assert submit(editor, CELL, **sent).status_code == 200
    answer = submit(editor, UNDO, id=str(key), set=str(told["undo"]))
    assert answer.status_code == 422
    assert "has since been changed" in answer.json["error"]
    assert stored("products", key)["stock"] == 6


@pytest.mark.security(53)
@pytest.mark.parametrize("role", ["viewer", "admin", "owner"])
def test_only_who_saved_a_cell_undoes_it(
    role: str, saved: tuple[int, dict[str, Any]], client_as: ClientAs, submit: Submit, stored: Stored
) -> None:
    key, told = saved
    assert submit(client_as(role), UNDO, id=str(key), set=str(told["undo"])).status_code == 403
    assert stored("products", key)["stock"] == 5


def test_change_of_a_form_is_not_undone_by_the_address_of_the_list(
    editor: FlaskClient, submit: Submit, make: Make, stored: Stored, app: Flask
) -> None:
    key = make("products")
    fields = read(editor.get(f"/admin/products/edit/?id={key}").text).fields
    assert submit(editor, f"/admin/products/edit/?id={key}", **{**fields, "stock": "5"}).status_code == 303
    with app.app_context():
        last = db.session.scalar(select(func.max(ChangeSet.id)))
    assert submit(editor, UNDO, id=str(key), set=str(last)).status_code == 403
    assert stored("products", key)["stock"] == 5


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 30, "99999"])
def test_unknown_change_is_404(
    number: str, saved: tuple[int, dict[str, Any]], editor: FlaskClient, submit: Submit
) -> None:
    assert submit(editor, UNDO, id=str(saved[0]), set=number).status_code == 404


def test_undo_without_a_csrf_token_is_refused(
    saved: tuple[int, dict[str, Any]], editor: FlaskClient, stored: Stored
) -> None:
    key, told = saved
    assert editor.post(UNDO, data={"id": str(key), "set": str(told["undo"])}).status_code == 400
    assert stored("products", key)["stock"] == 5
