"""Typing a block of cells: looked at first, then saved as one change or not at all, and undone at once."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.admin.features.cell_block import LONGEST, MOST
from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet, Origin
from unit.admin.conftest import Make, Stored
from unit.admin.reading import read
from unit.conftest import ClientAs, Submit
from unit.digest import database_digest

BLOCK, UNDO = "/admin/products/cell/block/", "/admin/products/cell/undo/"
Send = Callable[..., TestResponse]


def version(client: FlaskClient) -> str:
    """The signed versions of the rows of the list."""
    [table] = read(client.get("/admin/products/").text).all("table", class_="records")
    return table.attributes["data-versions"]


@pytest.fixture
def send(editor: FlaskClient, submit: Submit) -> Send:
    """`send((key, field, text), …, with_version=…)` sends a block; with ``confirmed="1"`` to save it."""

    def send(*cells: Any, with_version: str = "", **more: str) -> TestResponse:
        sent = json.dumps([[str(key), field, text, 0] for key, field, text in cells])
        versions = json.dumps([with_version or version(editor)])
        return submit(editor, BLOCK, cells=sent, versions=versions, **more)

    return send


def change_sets(app: Flask) -> int:
    """How many change sets the history has."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ChangeSet)) or 0


def test_block_is_shown_without_being_saved(send: Send, make: Make, app: Flask) -> None:
    one, two = make("products"), make("products", stock=3)
    before = database_digest(app)
    answer = send(
        (one, "stock", "1 000"), (two, "stock", "many"), (two, "price", "20,50"), (one, "status", "draft")
    )
    assert answer.status_code == 200
    told = [
        (each["before"]["shown"], (each["after"] or {}).get("shown"), each["error"], each["overtaken"])
        for each in answer.json["cells"]
    ]
    assert told == [
        ("7", "1,000", None, None),
        ("3", None, "Enter a whole number of 0 or more.", None),
        ("12.50 EUR", "20.50 EUR", None, None),
        ("Active", "Draft", None, None),
    ]
    assert database_digest(app) == before


def test_confirmed_block_is_one_change_and_is_undone_at_once(
    send: Send, make: Make, stored: Stored, app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    one, two = make("products"), make("products")
    count = change_sets(app)
    answer = send((one, "stock", "1"), (one, "price", "2"), (two, "stock", "3"), confirmed="1")
    assert {key: row["cells"]["stock"]["shown"] for key, row in answer.json["rows"].items()} == {
        str(one): "1",
        str(two): "3",
    }
    assert (stored("products", one)["price"], stored("products", two)["stock"]) == (Decimal(2), 3)
    assert change_sets(app) == count + 1
    with app.app_context():
        made = db.session.get_one(ChangeSet, answer.json["undo"])
        assert made.origin is Origin.LIST
        assert db.session.scalar(select(func.count()).where(Change.change_set_id == made.id)) == 2
    undone = submit(editor, UNDO, id=[str(one), str(two)], set=str(answer.json["undo"]))
    assert undone.json["rows"].keys() == {str(one), str(two)}
    assert (stored("products", one)["stock"], stored("products", one)["price"]) == (7, Decimal("12.50"))
    assert stored("products", two)["stock"] == 7


@pytest.mark.parametrize("amiss", ["refused", "overtaken", "deleted"])
def test_confirmed_block_with_a_fault_saves_nothing(
    amiss: str, send: Send, make: Make, stored: Stored, app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    one, two = make("products"), make("products")
    loaded = version(editor)
    if amiss == "overtaken":
        assert send((two, "stock", "5"), confirmed="1").json["rows"]
    if amiss == "deleted":
        submit(editor, f"/admin/products/delete/?id={two}")
    text = "many" if amiss == "refused" else "9"
    answer = send((one, "stock", "1"), (two, "stock", text), with_version=loaded, confirmed="1")
    fault = answer.json["cells"][1]
    words = {
        "refused": "Enter a whole number of 0 or more.",
        "overtaken": "You (in another window) changed this just now, to 5.",
        "deleted": "This record was deleted, or you no longer have access.",
    }
    assert words[amiss] in (fault["error"], fault["overtaken"])
    assert stored("products", one)["stock"] == 7
    if amiss == "overtaken":  # what the answer shows can be saved
        again = send(
            (one, "stock", "1"), (two, "stock", "9"), with_version=answer.json["version"], confirmed="1"
        )
        assert again.json["rows"]
        assert stored("products", two)["stock"] == 9


def test_swapped_codes_are_judged_in_the_order_of_the_block(send: Send, make: Make) -> None:
    one, two = make("products", sku="A-1"), make("products", sku="A-2")
    answer = send((one, "sku", "A-2"), (two, "sku", "A-3"))
    assert [bool(each["error"]) for each in answer.json["cells"]] == [True, False]


def test_one_refused_cell_of_a_row_leaves_out_that_cell_alone(send: Send, make: Make) -> None:
    key = make("products")
    answer = send((key, "stock", "many"), (key, "price", "20"))
    assert [bool(each["error"]) for each in answer.json["cells"]] == [True, False]
    assert answer.json["cells"][1]["after"]["shown"] == "20.00 EUR"


@pytest.mark.security(53)
@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_users_who_may_edit_products_send_a_block(
    role: str, editor: FlaskClient, client_as: ClientAs, submit: Submit, make: Make, stored: Stored
) -> None:
    key = make("products")
    sent = {"cells": json.dumps([[str(key), "stock", "1", 0]]), "versions": json.dumps([version(editor)])}
    status = submit(client_as(role), BLOCK, **sent, confirmed="1").status_code
    assert (status, stored("products", key)["stock"]) == ((200, 1) if role == "editor" else (403, 7))


@pytest.mark.parametrize(
    "cells",
    [
        "", "{}", "[]", "null", "[1]", '[["1", "stock", "1"]]', '[["1", "stock", "1", 1]]',
        '[["1", "stock", "1", "0"]]', '[[1, "stock", "1", 0]]', '[["1", "stock", null, 0]]',
        '[["1", "name", "x", 0]]', "[" * 5000, '[["1", "stock", "1", -2]]', "x" * (LONGEST + 1),
        json.dumps([["1", "stock", "1", 0]] * (MOST + 1)),
    ],
)  # fmt: skip
def test_incomplete_or_too_large_block_is_400(
    cells: str, editor: FlaskClient, submit: Submit, make: Make, app: Flask
) -> None:
    assert make("products") == 1
    before = database_digest(app)
    versions = json.dumps([version(editor)])
    assert submit(editor, BLOCK, cells=cells, versions=versions, confirmed="1").status_code == 400
    assert database_digest(app) == before


@pytest.mark.parametrize("forged", ["", "x", "x.y"])
def test_block_with_a_forged_version_is_400(forged: str, send: Send, make: Make, stored: Stored) -> None:
    key = make("products")
    answer = send((key, "stock", "1"), with_version=forged or " ", confirmed="1")
    assert (answer.status_code, stored("products", key)["stock"]) == (400, 7)


def test_half_of_a_character_is_refused_at_its_cell(send: Send, make: Make, stored: Stored) -> None:
    key = make("products")
    answer = send((key, "category", "\ud800"), (key, "sku", "a\ud800"), (key, "stock", "1"))
    assert [bool(each["error"]) for each in answer.json["cells"]] == [True, True, False]
    assert "half of a character" in answer.json["cells"][0]["error"]
    assert send((key, "stock", "1"), with_version="\ud800").status_code == 400
    assert stored("products", key)["stock"] == 7
