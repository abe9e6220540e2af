"""Child rows whose key has several columns: what is typed tells them apart."""

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeSet
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import logged_in
from unit.record_view.orders import (
    EDIT,
    ODD,
    ORDERS,
    Order,
    OrderLine,
    Visit,
    edit,
    lines,
    orders_console,
    undo,
)
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases
OAK, ODD_ONE = (f"lines-{quote(key, safe='')}-" for key in ('[1,"oak"]', '[1,"a,\\"b\\" \\\\[1]"]'))
VISIT = '[1,"2026-05-04","LATE","00000000-0000-0000-0000-000000000007"]'


@pytest.fixture
def orders(settings: Settings) -> Iterator[Flask]:
    """A console with orders."""
    with orders_console(settings) as app:
        yield app


@pytest.fixture
def editor(orders: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(orders, "editor")


def last_lines(app: Flask) -> list[tuple[str, str, str]]:
    """The lines of the last change set: the action, the kind and the key of each."""
    with app.app_context():
        assert verify(db.session).faults == []
        [last] = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1))
        its = db.session.scalars(select(Change).where(Change.change_set_id == last).order_by(Change.id))
        return [(str(each.action), each.record_kind, str(each.key)) for each in its]


def new(part: str, quantity: str) -> dict[str, str]:
    """The fields of a new row."""
    return {"lines-+1-part_sku": part, "lines-+1-quantity": quantity}


def test_rows_are_called_after_what_their_key_refers_to(editor: FlaskClient) -> None:
    legends = [each.text for each in read(editor.get(EDIT).text).all("legend")]
    assert legends[:4] == ["Odd", "Oak", "New order line", "New order line"]


def test_rows_are_added_changed_and_removed_in_one_change_set(orders: Flask, editor: FlaskClient) -> None:
    typed = {
        f"{OAK}quantity": "9",
        f"{ODD_ONE}remove": "y",
        "lines-+1-part_sku": "elm",
        "lines-+1-quantity": "3",
    }
    assert is_redirect(edit(editor, {"name": "Changed", **typed}))
    assert lines(orders) == {"oak": (9, None, "as it is"), "elm": (3, None, None)}
    assert last_lines(orders) == [
        ("change", "shop_orders", "1"),
        ("delete", "shop_order_lines", '[1,"a,\\"b\\" \\\\[1]"]'),
        ("change", "shop_order_lines", '[1,"oak"]'),
        ("create", "shop_order_lines", '[1,"elm"]'),
    ]


def test_undo_brings_rows_back_to_the_letter(orders: Flask, editor: FlaskClient) -> None:
    before = rows(orders, OrderLine), rows(orders, Visit)
    remove = {f"{ODD_ONE}remove": "y", f"shop_visits-{quote(VISIT, safe='')}-remove": "y"}
    assert is_redirect(edit(editor, {**remove, f"{OAK}quantity": "9", "lines-+1-part_sku": "elm"}))
    assert rows(orders, Visit) == []
    assert is_redirect(undo(editor, ORDERS))
    assert (rows(orders, OrderLine), rows(orders, Visit)) == before
    with orders.app_context():
        assert verify(db.session).faults == []


def test_changed_part_of_a_key_makes_another_row_with_the_same_contents(
    orders: Flask, editor: FlaskClient
) -> None:
    before = rows(orders, OrderLine)
    assert is_redirect(edit(editor, {f"{ODD_ONE}part_sku": "elm", f"{ODD_ONE}quantity": "6"}))
    assert lines(orders) == {"oak": (2, None, "as it is"), "elm": (6, Decimal("1.50"), None)}
    assert [each[::2] for each in last_lines(orders)] == [
        ("delete", '[1,"a,\\"b\\" \\\\[1]"]'),
        ("create", '[1,"elm"]'),
    ]
    assert is_redirect(undo(editor, ORDERS))
    assert rows(orders, OrderLine) == before


def test_rows_that_change_places_stay_and_swap_their_contents(orders: Flask, editor: FlaskClient) -> None:
    before = rows(orders, OrderLine)
    assert is_redirect(edit(editor, {f"{ODD_ONE}part_sku": "oak", f"{OAK}part_sku": ODD}))
    assert lines(orders) == {"oak": (5, Decimal("1.50"), None), ODD: (2, None, "as it is")}
    assert {action for action, *_ in last_lines(orders)} == {"change"}
    assert is_redirect(undo(editor, ORDERS))
    assert rows(orders, OrderLine) == before


def test_row_that_is_removed_and_added_again_is_changed(orders: Flask, editor: FlaskClient) -> None:
    assert is_redirect(edit(editor, {f"{OAK}remove": "y", **new("oak", "4")}))
    assert lines(orders)["oak"] == (4, None, None)
    assert [each[::2] for each in last_lines(orders)] == [("change", '[1,"oak"]')]


def test_form_saved_unchanged_leaves_no_line(orders: Flask, editor: FlaskClient) -> None:
    with orders.app_context():
        known = db.session.scalars(select(Change.id)).all()
    assert is_redirect(edit(editor, {}))
    with orders.app_context():
        assert db.session.scalars(select(Change.id)).all() == known


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"lines-+1-part_sku": "oak"}, "lines-+1-part_sku"),
        ({"lines-+1-part_sku": "elm", "lines-+2-part_sku": "elm"}, "lines-+2-part_sku"),
        ({f"{ODD_ONE}part_sku": "oak"}, f"{ODD_ONE}part_sku"),
        ({f"{ODD_ONE}part_sku": "elm", "lines-+1-part_sku": "elm"}, "lines-+1-part_sku"),
    ],
)
def test_key_of_another_row_is_refused_beside_the_row(
    orders: Flask, editor: FlaskClient, fields: dict[str, str], at: str
) -> None:
    before = rows(orders, OrderLine)
    answer = edit(editor, {"name": "Changed", **fields})
    assert field_errors(answer.text) == {at: "Another row already has this part."}
    shown = record_form(answer.text)
    assert {name: shown[name] for name in fields} == fields
    assert rows(orders, OrderLine) == before


def test_key_of_a_row_of_another_user_is_refused_beside_the_row(orders: Flask, editor: FlaskClient) -> None:
    opened = record_form(editor.get(EDIT).text)
    assert is_redirect(edit(logged_in(orders, "admin"), new("elm", "7")))
    answer = editor.post(EDIT, data={**opened, "lines-+1-part_sku": "elm"})
    assert field_errors(answer.text) == {"lines-+1-part_sku": "Another row already has this part."}
    assert lines(orders)["elm"] == (7, None, None)


def test_form_that_is_sent_again_adds_its_rows_once(orders: Flask, editor: FlaskClient) -> None:
    sent = {**record_form(editor.get(EDIT).text), **new("elm", "7")}
    for _ in range(2):
        assert is_redirect(editor.post(EDIT, data=sent))
    assert lines(orders)["elm"] == (7, None, None)


def test_changes_of_two_users_to_one_row_are_merged(orders: Flask, editor: FlaskClient) -> None:
    opened = record_form(editor.get(EDIT).text)
    assert is_redirect(edit(logged_in(orders, "admin"), {f"{OAK}quantity": "8"}))
    answer = editor.post(EDIT, data={**opened, f"{OAK}part_sku": "elm"})
    form = record_form(answer.text)
    assert is_redirect(editor.post(EDIT, data=form))
    assert lines(orders)["elm"] == (8, None, "as it is")


def test_new_record_is_created_with_its_rows(orders: Flask, editor: FlaskClient) -> None:
    form = record_form(editor.get(f"{ORDERS}/new/").text)
    typed = {"name": "Third", "lines-+1-part_sku": "oak", "lines-+2-part_sku": ODD}
    assert is_redirect(editor.post(f"{ORDERS}/new/", data={**form, **typed}))
    with orders.app_context():
        assert db.session.scalar(select(Order.id).where(Order.name == "Third")) == 3
    assert sorted(lines(orders, 3)) == [ODD, "oak"]


def test_row_has_pages_by_the_text_of_its_key(orders: Flask, editor: FlaskClient) -> None:
    for page in ("details", "edit", "delete", "history"):
        address = f"/admin/shop_visits/{page}/?id={quote(VISIT, safe='')}"
        assert editor.get(address).status_code == 200
    for odd in (
        "[1]",
        VISIT.replace(",", ", "),
        VISIT.replace("1", "01", 1),
        "[]",
        "{",
        '["1"]',
        "[" * 1200,
        "",
    ):
        assert editor.get(f"/admin/shop_visits/details/?id={quote(odd, safe='')}").status_code == 404


def test_row_deleted_on_its_page_comes_back_from_the_trash(orders: Flask, editor: FlaskClient) -> None:
    before = rows(orders, Visit)
    address = f"/admin/shop_visits/delete/?id={quote(VISIT, safe='')}"
    assert is_redirect(confirm(editor, address))
    assert rows(orders, Visit) == []
    assert is_redirect(confirm(editor, "/admin/trash/restore/?id=1"))
    assert rows(orders, Visit) == before
