"""Editing many products at once: the form, the preview that changes nothing, and the edit."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.editing_many import ACTION, LIST, apply, fields, preview, stored
from unit.admin.reading import field_errors, flashes, read
from unit.conftest import ClientAs, Submit
from unit.digest import database_digest
from unit.history.reading import change_sets, lines


@pytest.fixture
def keys(app: Flask) -> list[int]:
    """Three products: 10 EUR and 3 in stock, 20 EUR and 0, 1000 JPY and 5; the last one a draft."""
    with app.app_context():
        rows = [
            a_product("Lamp", price=Decimal(10), stock=3),
            a_product("Chair", price=Decimal(20), stock=0),
            a_product("Fan", price=Decimal(1000), currency="JPY", stock=5, status=ProductStatus.DRAFT),
        ]
        db.session.commit()
        return [row.id for row in rows]


@pytest.fixture
def form(editor: FlaskClient, submit: Submit, keys: list[int]) -> dict[str, Any]:
    """The form for the three products, as it is sent."""
    return fields(submit(editor, ACTION, action="edit", rowid=keys))


def test_form_begins_with_no_change_in_every_field(form: dict[str, Any]) -> None:
    chosen = ("status", "category", "price_how", "price_by", "stock_how", "stock_by", "note")
    assert {form[name] for name in chosen} == {""}


def test_preview_shows_the_outcome_and_changes_nothing(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    before = database_digest(app)
    page = preview(editor, form, price_how="raise", price_by="10", stock_how="subtract", stock_by="4")
    assert database_digest(app) == before
    labels, facts = ([fact.text for fact in read(page.text).all(tag)] for tag in ("dt", "dd"))
    assert labels == ["Will change", "No change needed", "Skipped"]
    assert facts == ["1", "0", "2"]
    assert "The stock would be -1, below zero." in page.text
    assert "The stock would be -4, below zero." in page.text
    for words in ("1,000 JPY", "1,100 JPY", "Change 1 product"):
        assert words in page.text


def test_preview_shows_each_field_now_and_after_in_the_order_of_the_form(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    with app.app_context():
        category = str(a_category("Lamps").id)
        db.session.commit()
    changes = {"stock_how": "add", "stock_by": "1997", "price_how": "raise", "price_by": "10"}
    page = preview(editor, form, status="archived", category=category, **changes)
    [table] = read(page.text).all("table", class_="sample")
    assert [head.text for head in table.all("thead")[0].all("th")] == ["Product", "Field", "Now", "After"]
    sample = table.all("tbody")[0]
    assert [[cell.text for cell in row.all("td")] for row in sample.all("tr")] == [
        ["Status", "Active", "Archived"],
        ["Category", "No category", "Lamps"],
        ["Price", "10.00 EUR", "11.00 EUR"],
        ["Stock", "3", "2,000"],
    ]


def test_products_that_break_a_rule_are_skipped(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    apply(editor, form, stock_how="subtract", stock_by="3")
    assert [row.stock for row in stored(app)] == [0, 0, 2]
    assert flashes(editor.get(LIST).text) == [("success", "2 products changed, 1 skipped.")]


def test_every_field_can_be_changed_in_one_edit(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    with app.app_context():
        category = a_category("Lamps").id
        db.session.commit()
    apply(
        editor,
        form,
        status="archived",
        category=str(category),
        price_how="raise",
        price_by="7.5",
        rounding="0.05",
        stock_how="set",
        stock_by="9",
        note="Autumn",
    )
    rows = stored(app)
    assert {(row.status, row.category_id, row.stock, row.version) for row in rows} == {
        ("archived", category, 9, 2)
    }
    assert [row.price for row in rows] == [Decimal("10.75"), Decimal("21.50"), Decimal(1075)]
    with app.app_context():
        made = change_sets()[-1]
        assert (made.kind, made.origin, made.reason) == ("edit", "bulk", "Autumn")
        assert [key for _, key, *_ in lines()[-3:]] == [row.id for row in rows]
        assert verify(db.session).faults == []


def test_category_can_be_removed(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        key = a_product(category=a_category()).id
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", rowid=key))
    apply(editor, form, category="none")
    assert stored(app)[0].category_id is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"price_how": "set", "price_by": ""}, "price_by", "Enter a price"),
        ({"price_how": "raise", "price_by": "ten"}, "price_by", "Enter a percentage"),
        ({"price_how": "raise", "price_by": "-5"}, "price_by", "Enter a percentage"),
        ({"price_how": "lower", "price_by": "1000001"}, "price_by", "at most 1,000,000"),
        ({"stock_how": "add", "stock_by": "1.5"}, "stock_by", "Enter a whole number"),
        ({"status": "draft", "price_by": "10"}, "price_how", "Choose what to do with 10."),
        ({"status": "draft", "stock_by": "4"}, "stock_how", "Choose what to do with 4."),
        ({"status": "gone"}, "status", "Not a valid choice"),
        ({"category": "999"}, "category", "Not a valid choice"),
        ({"rounding": "7", "status": "draft"}, "rounding", "Not a valid choice"),
        ({"status": "draft", "note": "x" * 201}, "note", "Use at most 200 characters; this has 201."),
    ],
)
def test_error_is_shown_at_its_field_and_the_form_is_kept(
    editor: FlaskClient, form: dict[str, Any], changes: dict[str, str], field: str, words: str
) -> None:
    page = preview(
        editor, form, note=changes.get("note", "Why"), **{k: v for k, v in changes.items() if k != "note"}
    )
    assert words in field_errors(page.text)[field]
    kept = fields(page)
    assert kept["rowid"] == form["rowid"]
    assert kept["note"] == changes.get("note", "Why")


def test_form_without_a_change_is_refused(editor: FlaskClient, form: dict[str, Any]) -> None:
    assert "Choose what to change." in preview(editor, form).text


def test_back_to_the_form_keeps_the_chosen_values(editor: FlaskClient, form: dict[str, Any]) -> None:
    page = preview(editor, form, status="archived", price_how="raise", price_by="10", note="Why")
    kept = fields(editor.post(ACTION, data={**fields(page), "stage": "form"}))
    assert (kept["status"], kept["price_how"], kept["price_by"], kept["note"]) == (
        "archived",
        "raise",
        "10",
        "Why",
    )


def test_preview_without_changes_offers_no_button(editor: FlaskClient, form: dict[str, Any]) -> None:
    page = preview(editor, form, price_how="subtract", price_by="5000")
    assert "Change 0" not in page.text
    assert [fact.text for fact in read(page.text).all("dd")] == ["0", "0", "3"]


def test_product_changed_after_the_preview_stops_the_edit_and_is_named(
    app: Flask, editor: FlaskClient, form: dict[str, Any], keys: list[int]
) -> None:
    seen = fields(preview(editor, form, status="archived"))
    with app.app_context():
        update_product(db.session.get_one(Product, keys[1]), {"stock": 1})
        db.session.commit()
    editor.post(ACTION, data={**seen, "confirm": "1"})
    assert flashes(editor.get(LIST).text) == [
        (
            "error",
            "“Chair” has changed since you opened this page. Nothing was changed. Review it and try again.",
        )
    ]
    assert [row.status for row in stored(app)] == ["active", "active", "draft"]


def test_product_deleted_after_the_preview_stops_the_edit(
    app: Flask, editor: FlaskClient, form: dict[str, Any], keys: list[int], submit: Submit
) -> None:
    seen = fields(preview(editor, form, status="archived"))
    submit(editor, f"{LIST}delete/", id=keys[0])
    editor.get(LIST)
    editor.post(ACTION, data={**seen, "confirm": "1"})
    ((category, message),) = flashes(editor.get(LIST).text)
    assert (category, message) == (
        "error",
        "The list has changed: it now has 2 products, not 3. Nothing was changed. Review it and try again.",
    )
    assert [row.status for row in stored(app)] == ["active", "draft"]


def test_change_of_another_product_does_not_stop_the_edit(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    seen = fields(preview(editor, form, status="archived"))
    with app.app_context():
        a_product("Another")
        db.session.commit()
    editor.post(ACTION, data={**seen, "confirm": "1"})
    assert flashes(editor.get(LIST).text) == [("success", "3 products changed.")]


def test_undo_restores_the_price_of_each_product(
    app: Flask, editor: FlaskClient, form: dict[str, Any], submit: Submit
) -> None:
    apply(editor, form, price_how="raise", price_by="33")
    with app.app_context():
        key = change_sets()[-1].id
    submit(editor, "/admin/revert/undo/", id=key)
    assert [row.price for row in stored(app)] == [Decimal(10), Decimal(20), Decimal(1000)]


def test_viewer_gets_403(client_as: ClientAs, submit: Submit, keys: list[int]) -> None:
    answer = submit(client_as("viewer"), ACTION, action="edit", confirm="1", rowid=keys, status="archived")
    assert answer.status_code == 403


def test_preview_escapes_names(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        key = a_product("<img src=x onerror=alert(1)>", stock=0).id
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", rowid=key))
    for changes in ({"status": "draft"}, {"stock_how": "subtract", "stock_by": "1"}):
        page = preview(editor, form, **changes).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_products_without_a_change_are_not_counted_as_changed(
    app: Flask, editor: FlaskClient, keys: list[int], form: dict[str, Any]
) -> None:
    with app.app_context():
        update_product(db.session.get_one(Product, keys[1]), {"stock": 55})
        db.session.commit()
    apply(editor, form, stock_how="set", stock_by="55")
    assert flashes(editor.get(LIST).text) == [("success", "2 products changed, 1 already had these values.")]
    assert [row.stock for row in stored(app)] == [55, 55, 55]
    with app.app_context():
        its = select(Change.record_id).where(Change.change_set_id == change_sets()[-1].id)
        assert set(db.session.scalars(its)) == {keys[0], keys[2]}
