"""The products screen: its list, filters, form and export."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from dashboard.catalogue.models import ProductStatus
from unit.admin.conftest import Count, Make, Stored
from unit.admin.reading import field_errors, read, record_form, row_titles
from unit.conftest import ClientAs, SetClock, Submit

NEW = {
    "name": "Oak Lamp", "sku": "LMP-1", "description": "", "price": "12.50", "currency": "EUR", "stock": "3",
    "status": "draft", "category": "",
}  # fmt: skip
DAY = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)


def titles(client: FlaskClient, **query: object) -> list[str]:
    return row_titles(client.get("/admin/products/", query_string={"sort": "name", **query}).text)


@pytest.mark.parametrize(
    ("currency", "price", "shown", "stored_price"),
    [
        ("EUR", "1234.5", "1,234.50 EUR", "1234.5"),
        ("JPY", "1200", "1,200 JPY", "1200"),
        ("KWD", "1.234", "1.234 KWD", "1.234"),
    ],
)
def test_price_is_stored_exactly_and_shown_in_its_currency(
    currency: str,
    price: str,
    shown: str,
    stored_price: str,
    editor: FlaskClient,
    submit: Submit,
    stored: Stored,
) -> None:
    submit(editor, "/admin/products/new/", **{**NEW, "price": price, "currency": currency})
    assert stored("products", 1)["price"] == Decimal(stored_price)
    assert shown in editor.get("/admin/products/").text
    form = record_form(editor.get("/admin/products/edit/?id=1").text)
    assert Decimal(form["price"]) == Decimal(stored_price)


@pytest.mark.parametrize("category", ["²", "1", "999", "9" * 5000, "none", "None", "__None", "\0", "-1"])
def test_unknown_category_is_refused(
    category: str, editor: FlaskClient, submit: Submit, count: Count
) -> None:
    answer = submit(editor, "/admin/products/new/", **{**NEW, "category": category})
    assert answer.status_code == 200
    assert set(field_errors(answer.text)) == {"category"}
    assert count("products") == 0


def test_category_of_a_product_can_be_set_and_removed(
    editor: FlaskClient, make: Make, submit: Submit, stored: Stored
) -> None:
    category = make("categories", "Lighting")
    submit(editor, "/admin/products/new/", **{**NEW, "category": str(category)})
    assert stored("products", 1)["category_id"] == category
    form = record_form(editor.get("/admin/products/edit/?id=1").text)
    editor.post("/admin/products/edit/?id=1", data={**form, "category": ""})
    assert stored("products", 1)["category_id"] is None


@pytest.mark.parametrize(
    "name", ["id", "version", "created_at", "updated_at", "category_id", "_sa_instance_state"]
)
def test_field_that_the_form_does_not_have_is_ignored(
    name: str, editor: FlaskClient, submit: Submit, stored: Stored
) -> None:
    submit(editor, "/admin/products/new/", **{**NEW, name: "77"})
    row = stored("products", 1)
    assert (row["id"], row["version"], row["category_id"]) == (1, 1, None)


def test_sku_in_use_is_an_error_at_its_field(editor: FlaskClient, make: Make, submit: Submit) -> None:
    make("products", sku="LMP-1")
    answer = submit(editor, "/admin/products/new/", **NEW)
    assert field_errors(answer.text) == {"sku": "This SKU is already in use."}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "draft"}, ["Chair"]),
        ({"status": ["draft", "archived"]}, ["Chair", "Table"]),
        ({"stock": "out"}, ["Chair"]),
        ({"stock": "low"}, ["Lamp"]),
        ({"stock": "in"}, ["Table"]),
        ({"category": "1"}, ["Lamp"]),
        ({"category": "none"}, ["Chair", "Table"]),
        ({"category": ["none", "1"]}, ["Chair", "Lamp", "Table"]),
        ({"category": "999"}, ["Chair", "Lamp", "Table"]),
        ({"price_min": "10", "price_max": "20"}, ["Lamp"]),
        ({"price_min": "15", "price_max": "15"}, ["Lamp"]),
        ({"created_from": "2026-03-31"}, ["Lamp"]),
        ({"created_to": "2026-03-30"}, ["Chair", "Table"]),
        ({"created_from": "2026-03-31", "created_to": "2026-03-31"}, ["Lamp"]),
        ({"q": "lamp", "status": "active", "stock": "low", "category": "1"}, ["Lamp"]),
        ({"q": "lamp", "status": "draft"}, []),
    ],
)
def test_filters_find_the_products_that_match(
    query: dict[str, object], names: list[str], editor: FlaskClient, make: Make
) -> None:
    category = make("categories", "Lighting")
    early = datetime(2026, 1, 1, tzinfo=UTC)
    make("products", "Lamp", stock=5, price=Decimal(15), category_id=category, created_at=DAY)
    make("products", "Chair", stock=0, price=Decimal(5), status=ProductStatus.DRAFT, created_at=early)
    make("products", "Table", stock=6, price=Decimal(25), status=ProductStatus.ARCHIVED, created_at=early)
    assert titles(editor, **query) == names


def test_invalid_bound_is_reported_and_the_search_still_applies(editor: FlaskClient, make: Make) -> None:
    make("products", "Lamp")
    make("products", "Chair")
    page = editor.get("/admin/products/?q=lamp&price_min=cheap").text
    assert row_titles(page) == ["Lamp"]
    assert "Enter a number, such as 12.50." in page
    assert read(page).all("input", id="facet-price_min")[0].attributes["value"] == "cheap"


def empty_state(client: FlaskClient, address: str) -> tuple[str, str]:
    """The heading and the text that stand in place of the rows of a list."""
    [place] = read(client.get(address).text).all("div", class_="empty")
    return place.all("h2")[0].text, place.all("p")[0].text


def test_empty_list_and_list_without_results_say_different_things(editor: FlaskClient, make: Make) -> None:
    assert empty_state(editor, "/admin/products/") == (
        "No products yet",
        "Products are what you sell. Each has a SKU, a price and a stock.",
    )
    make("products", "Lamp")
    assert empty_state(editor, "/admin/products/?q=x") == (
        "No products match",
        "No results for this search and these filters.",
    )


def test_viewer_of_an_empty_list_is_told_whom_to_ask(client_as: ClientAs) -> None:
    page = read(client_as("viewer").get("/admin/products/").text).all("div", class_="empty")[0]
    assert page.all("p")[-1].text == "You can view but not add products. Ask an admin for access."


def exported(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    text = client.get(f"/admin/products/export/csv/{query}").text
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_export_has_every_row_that_matches_and_not_only_the_page(editor: FlaskClient, make: Make) -> None:
    for n in range(30):
        make("products", f"Lamp {n:02}")
    make("products", "Chair")
    rows = exported(editor, "?q=lamp&sort=-name&size=10&page=2")
    assert [row["name"] for row in rows] == [f"Lamp {n:02}" for n in reversed(range(30))]


def test_export_has_the_columns_that_an_import_takes(editor: FlaskClient, make: Make) -> None:
    category = make("categories", "Lighting")
    make("products", "Lamp", sku="LMP-1", price=Decimal("1234.5"), category_id=category, created_at=DAY)
    [row] = exported(editor)
    assert list(row) == [
        "sku", "name", "description", "price", "currency", "stock", "status", "category", "created_at",
        "updated_at", "version",
    ]  # fmt: skip
    assert (row["price"], row["stock"], row["status"], row["category"], row["version"]) == (
        "1234.50", "7", "active", "Lighting", "1",
    )  # fmt: skip
    assert row["created_at"] == "2026-03-31T23:59:59+00:00"


def test_export_file_is_named_after_the_screen_and_the_day(editor: FlaskClient, set_clock: SetClock) -> None:
    set_clock(DAY)
    answer = editor.get("/admin/products/export/csv/")
    assert answer.headers["Content-Disposition"] == "attachment; filename=products-2026-03-31.csv"
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("beginning", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1"])
def test_export_neutralises_formulas(beginning: str, editor: FlaskClient, make: Make) -> None:
    make("products", beginning, description=beginning)
    [row] = exported(editor)
    assert (row["name"], row["description"]) == ("'" + beginning, "'" + beginning)


def test_viewer_cannot_export(client_as: ClientAs, make: Make) -> None:
    make("products")
    viewer = client_as("viewer")
    assert viewer.get("/admin/products/export/csv/").status_code == 403
    assert "Export CSV" not in viewer.get("/admin/products/").text


def test_export_button_keeps_search_filters_and_order(editor: FlaskClient, make: Make) -> None:
    make("products", "Lamp")
    page = read(editor.get("/admin/products/?q=lamp&status=active&sort=-price").text)
    [link] = [a.attributes["href"] for a in page.all("a") if a.text == "Export CSV"]
    assert link == "/admin/products/export/csv/?bom=1&q=lamp&status=active&sort=-price"
