"""The cells of a list that can be edited, and what the list says of them."""

import json

import pytest
from flask.testing import FlaskClient

from unit.admin.conftest import Make
from unit.admin.reading import read
from unit.conftest import ClientAs


@pytest.mark.parametrize(("role", "edits"), [("viewer", False), ("editor", True)])
def test_list_has_editable_cells_only_for_users_who_may_edit(
    role: str, edits: bool, client_as: ClientAs, make: Make
) -> None:
    make("products")
    text = client_as(role).get("/admin/products/").text
    assert ("data-cells" in text, "data-edit" in text) == (edits, edits)


def test_list_declares_the_editable_columns_and_their_inputs(editor: FlaskClient, make: Make) -> None:
    make("products")
    heads = read(editor.get("/admin/products/").text).all("thead")[0].all("th")
    inputs = [json.loads(h.attributes["data-edit"]) for h in heads if "data-edit" in h.attributes]
    assert [(each["field"], each["inputmode"]) for each in inputs] == [
        ("sku", "text"),
        ("category", "text"),
        ("price", "decimal"),
        ("stock", "numeric"),
        ("status", "text"),
    ]
    assert inputs[1]["source"] == "/admin/categories/lookup/"
    assert inputs[4]["options"] == [["draft", "Draft"], ["active", "Active"], ["archived", "Archived"]]


@pytest.mark.parametrize("path", ["/admin/categories/", "/admin/users/"])
def test_other_lists_have_no_editable_cells(path: str, client_as: ClientAs, make: Make) -> None:
    make("categories")
    assert "data-cells" not in client_as("owner").get(path).text
