"""The trash: its list, its pages, and who may open them."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.testing.catalogue import a_product, products
from unit.admin.reading import read, row_titles
from unit.admin.trashing import TRASH
from unit.conftest import ClientAs, CountQueries, MakeApp, SetClock


def test_page_shows_values_at_deletion(client_as: ClientAs, trashed: int) -> None:
    page = read(client_as("editor").get(f"{TRASH}details/?id={trashed}").text)
    terms = [term.text for term in page.all("dt")]
    facts = dict(zip(terms, [each.text for each in page.all("dd")], strict=True))
    assert facts["Deleted"].endswith("UTC")
    assert {name: facts[name] for name in ("SKU", "Status", "Category", "Price", "Stock", "Deleted by")} == {
        "SKU": "OL-1",
        "Status": "Active",
        "Category": "—",
        "Price": "12.50 EUR",
        "Stock": "1,234",
        "Deleted by": "—",
    }
    assert "Created" in facts
    assert "Warm light" in page.text


def test_list_shows_type_and_filters_by_it(client_as: ClientAs, trashed: int) -> None:
    page = client_as("editor").get(f"{TRASH}?kind=products&q=ol-1&sort=-code").text
    assert row_titles(page) == ["Oak Lamp"]
    assert [cell.text for cell in read(page).all("td", data_label="Type")] == ["Product"]
    assert "This option no longer exists" in client_as("editor").get(f"{TRASH}?kind=users").text


def test_stored_fields_are_neither_searched_nor_listed(client_as: ClientAs, trashed: int) -> None:
    editor = client_as("editor")
    assert "Warm light" not in editor.get(TRASH).text
    assert row_titles(editor.get(f"{TRASH}?q=warm").text) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (30, "Deleted products stay here for 30 days. Restore them at any time before then."),
        (1, "Deleted products stay here for 1 day. Restore them at any time before then."),
        (0, "Deleted products stay here until an owner deletes them permanently."),
    ],
)
def test_empty_trash_explains_how_long_records_stay(
    make_app: MakeApp, log_in: object, days: int, words: str
) -> None:
    client = make_app(trash_days=days).test_client()
    log_in(client, "editor")  # type: ignore[operator]
    page = client.get(TRASH).text
    assert "Trash is empty" in page
    assert words in page
    assert "You can view but not add" not in page


def test_editors_see_deleted_records(client_as: ClientAs, trashed: int) -> None:
    assert row_titles(client_as("editor").get(TRASH).text) == ["Oak Lamp"]
    assert "In the trash" in client_as("editor").get(f"{TRASH}details/?id={trashed}").text


@pytest.mark.parametrize("path", ["", "details/?id={}", "restore/?id={}"])
def test_viewers_cannot_open_the_trash(client_as: ClientAs, trashed: int, path: str) -> None:
    assert client_as("viewer").get(TRASH + path.format(trashed)).status_code == 403


@pytest.mark.parametrize("path", ["products/", "products/?q=oak", "products/export/csv/", "palette/?q=oak"])
def test_deleted_records_are_in_no_list_export_or_search(
    app: Flask, client_as: ClientAs, trashed: int, path: str
) -> None:
    with app.app_context():
        a_product("Oak Table", sku="OT-1")
        db.session.commit()
    answer = client_as("editor").get(f"/admin/{path}")
    assert "Oak Table" in answer.text
    assert "Oak Lamp" not in answer.text
    assert "OL-1" not in answer.text


@pytest.mark.parametrize("path", ["new/", "edit/?id={}", "delete/?id={}", "export/csv/"])
def test_trash_has_no_create_edit_delete_or_export_page(client_as: ClientAs, trashed: int, path: str) -> None:
    assert client_as("owner").get(TRASH + path.format(trashed)).status_code == 404


@pytest.mark.parametrize(("days", "shown"), [(30, "31 Jan 2026"), (1, "2 Jan 2026"), (0, "Never")])
def test_list_and_page_show_when_a_record_is_deleted_permanently(
    make_app: MakeApp, log_in: object, set_clock: SetClock, days: int, shown: str
) -> None:
    set_clock(datetime(2026, 1, 1, 12, tzinfo=UTC))
    app = make_app(trash_days=days)
    with app.app_context():
        trash_products([a_product("Oak Lamp").id])
        db.session.commit()
    client = app.test_client()
    log_in(client, "editor")  # type: ignore[operator]
    listed = read(client.get(f"{TRASH}?sort=expires").text)
    page = client.get(f"{TRASH}details/?id=1").text
    [cell] = [cell for cell in listed.all("td") if "Expires" in cell.attributes.get("data-label", "")]
    assert cell.text == shown
    pairs = zip(read(page).all("dt"), read(page).all("dd"), strict=True)
    [fact] = [fact.text for term, fact in pairs if term.text == "Expires"]
    assert fact.startswith(shown)


def test_search_without_results_names_deleted_records(client_as: ClientAs, trashed: int) -> None:
    page = client_as("editor").get(f"{TRASH}?q=nothing").text
    assert "No deleted products match" in page
    assert "Trash is empty" not in page


def test_list_takes_as_many_queries_for_many_records_as_for_few(
    app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    editor: FlaskClient = client_as("editor")
    taken = []
    for more in (2, 20):
        with app.app_context():
            trash_products([row.id for row in products(more)])
            db.session.commit()
        with count_queries() as statements:
            editor.get(TRASH)
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 6
