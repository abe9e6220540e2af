"""Records that child rows with a key of several columns refer to, deleted and restored with them."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read
from unit.record_view.conftest import logged_in
from unit.record_view.orders import (
    EDIT,
    Delivery,
    Order,
    OrderView,
    Part,
    PartView,
    edit,
    line,
    lines,
    orders_console,
    undo,
)
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases


@pytest.fixture
def orders(settings: Settings) -> Iterator[Flask]:
    """A console with orders."""
    with orders_console(settings) as app:
        yield app


@pytest.fixture
def editor(orders: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(orders, "editor")


PARTS = "/admin/shop_parts"
OAK = quote('[1,"oak"]', safe="")


@pytest.mark.parametrize(
    ("address", "left"), [("/admin/shop_orders/delete/?id=2", 0), (f"{PARTS}/delete/?id=elm", 1)]
)
def test_rows_go_with_what_they_refer_to_and_come_back(
    orders: Flask, editor: FlaskClient, address: str, left: int
) -> None:
    before = [rows(orders, model) for model in (Order, Part, Delivery)]
    assert is_redirect(confirm(editor, address))
    assert len(rows(orders, Delivery)) == left
    assert is_redirect(undo(editor, address.partition("delete")[0]))
    assert [rows(orders, model) for model in (Order, Part, Delivery)] == before
    with orders.app_context():
        assert verify(db.session).faults == []


def test_record_that_rows_are_named_after_is_held_by_them(orders: Flask, editor: FlaskClient) -> None:
    question = editor.get(f"{PARTS}/delete/?id=oak").text
    assert "It can't be deleted: it is used by 1 order line." in read(question).all("main")[0].text
    assert is_redirect(confirm(editor, f"{PARTS}/delete/?id=oak"))
    assert flashes(editor.get(f"{PARTS}/").text) == [
        ("error", "It can't be deleted: it is used by 1 order line.")
    ]
    assert len(rows(orders, Part)) == 3


def test_deleted_row_is_not_restored_over_one_with_its_key(orders: Flask, editor: FlaskClient) -> None:
    address = "/admin/shop_order_lines/"
    assert is_redirect(confirm(editor, f"{address}delete/?id={OAK}"))
    assert is_redirect(edit(editor, {"lines-+1-part_sku": "oak", "lines-+1-quantity": "8"}))
    assert is_redirect(confirm(editor, "/admin/trash/restore/?id=1"))
    [(category, words)] = flashes(editor.get("/admin/trash/").text)
    assert (category, words) == (
        "error",
        "Nothing was restored: another order line now has this Order and Part.",
    )
    assert lines(orders)["oak"] == (8, None, None)


@pytest.mark.parametrize("query", ["sort=quantity", "sort=-note", "sort=part_sku&q=oak", "sort=-order_id"])
def test_list_of_rows_is_walked_to_its_end(orders: Flask, editor: FlaskClient, query: str) -> None:
    with orders.app_context():
        db.session.add_all([Part(sku=f"oak {number}", name="Oak") for number in range(30)])
        db.session.flush()
        db.session.add_all([line(f"oak {number}", number % 3, order=2) for number in range(30)])
        db.session.commit()
    address, found = f"/admin/shop_order_lines/?{query}&size=10", list[str]()
    while address:
        page = read(editor.get(address).text)
        links = [each.attributes.get("href") or "" for each in page.all("a")]
        keys = [parse_qs(urlsplit(href).query)["id"][0] for href in links if "order_lines/details/" in href]
        found += dict.fromkeys(keys)
        more = page.all("a", aria_label="Next page")
        address = more[0].attributes["href"] if more else ""
    assert len(found) == len({*found}) == (31 if "q=" in query else 32)


def test_rows_of_records_that_a_user_may_not_see_are_not_seen(settings: Settings) -> None:
    class Own(OrderView):
        def get_query(self) -> Any:
            return super().get_query().filter(Order.name == "First")

    with orders_console(settings, lambda: Own(Order), lambda: PartView(Part)) as app:
        client = logged_in(app, "editor")
        assert client.get(EDIT).status_code == 200
        seen = read(client.get("/admin/shop_deliveries/").text).all("main")[0].text
        assert "No deliveries" in seen or "Elm" not in seen
        key = quote('[2,"elm"]', safe="")
        assert client.get(f"/admin/shop_deliveries/details/?id={key}").status_code == 404
        assert client.get(f"/admin/shop_order_lines/details/?id={OAK}").status_code == 200
