"""Editing a cell checks the permission, the rules and the version of its record."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import Signer
from sqlalchemy import text

from dashboard.catalogue.models import ProductStatus
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.cells import ADDRESS, versions
from unit.admin.conftest import Make, Stored
from unit.conftest import ClientAs, Csrf, Submit

EDITABLE = {"sku": "NEW-1", "price": "99.90", "stock": "1234", "status": "draft"}
SHOWN = {"sku": "NEW-1", "price": "99.90 EUR", "stock": "1,234", "status": "Draft"}
STORED = {"sku": "NEW-1", "price": Decimal("99.90"), "stock": 1234, "status": ProductStatus.DRAFT}
FORBIDDEN = ("name", "currency", "version", "id", "created", "__class__", "", "price ")


@pytest.mark.parametrize("field", EDITABLE)
def test_saved_cell_is_answered_as_the_list_shows_it(
    field: str, save: Any, make: Make, stored: Stored
) -> None:
    key = make("products")
    answer = save(key, field, EDITABLE[field])
    assert (answer.status_code, answer.json["shown"], answer.json["value"]) == (
        200,
        SHOWN[field],
        EDITABLE[field],
    )
    assert answer.headers["Cache-Control"] == "no-store"
    row = stored("products", key)
    assert (row[field], row["version"]) == (STORED[field], 2)


@pytest.mark.security(53)
@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("editor", 200), ("admin", 200), ("owner", 200)]
)
def test_only_users_who_may_edit_products_save_a_cell(
    role: str,
    status: int,
    editor: FlaskClient,
    client_as: ClientAs,
    submit: Submit,
    make: Make,
    stored: Stored,
) -> None:
    key = make("products")
    sent = {"id": str(key), "field": "stock", "value": "1", "version": versions(editor)}
    assert submit(client_as(role), ADDRESS, **sent).status_code == status
    assert stored("products", key)["stock"] == (1 if status == 200 else 7)


def test_anonymous_user_is_redirected_to_log_in(
    client: FlaskClient, submit: Submit, make: Make, stored: Stored
) -> None:
    key = make("products")
    answer = submit(client, ADDRESS, id=str(key), field="stock", value="1")
    assert is_redirect(answer)
    assert answer.location.startswith("/login")
    assert stored("products", key)["stock"] == 7


def test_cell_without_a_csrf_token_is_not_saved(editor: FlaskClient, make: Make, stored: Stored) -> None:
    key = make("products")
    sent = {"id": str(key), "field": "stock", "value": "1", "version": versions(editor)}
    assert editor.post(ADDRESS, data=sent).status_code == 400
    assert stored("products", key)["stock"] == 7


def test_csrf_token_can_be_sent_as_a_header(
    editor: FlaskClient, csrf: Csrf, make: Make, stored: Stored
) -> None:
    key = make("products")
    sent = {"id": str(key), "field": "stock", "value": "1", "version": versions(editor)}
    assert editor.post(ADDRESS, data=sent, headers={"X-CSRFToken": csrf(editor)}).status_code == 200
    assert stored("products", key)["stock"] == 1


@pytest.mark.parametrize("field", FORBIDDEN)
def test_field_that_is_not_editable_is_400(field: str, save: Any, make: Make, stored: Stored) -> None:
    key = make("products")
    before = stored("products", key)
    assert save(key, field, "1").status_code == 400
    assert stored("products", key) == before


def test_further_fields_are_ignored(save: Any, make: Make, stored: Stored) -> None:
    key = make("products", "Oak Lamp")
    assert save(key, "stock", "1", name="Mine", currency="USD", price="1").status_code == 200
    row = stored("products", key)
    assert (row["name"], row["currency"], row["price"]) == ("Oak Lamp", "EUR", Decimal("12.50"))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("price", "much", "Enter a price of 0 or more in digits"),
        ("price", "", "Enter a price of 0 or more in digits"),
        ("price", "-1", "Enter a price of 0 or more in digits"),
        (
            "price",
            "1,234",
            "1,234 can mean 1234 or 1.234. Type 1234, or use at most 2 digits after the point.",
        ),
        ("price", "1.200", "1.200 can mean 1200 or 1.2. Type 1200 or 1.2."),
        ("price", "0.005", "EUR has 2 decimals"),
        ("price", "9" * 12, "at most"),
        ("stock", "1.5", "Enter a whole number of 0 or more."),
        ("stock", "-1", "Enter a whole number of 0 or more."),
        ("stock", "<script>", "Enter a whole number of 0 or more."),
        ("status", "gone", "Choose one of draft, active, archived."),
        ("status", "\0", "Choose one of draft, active, archived."),
    ],
)
def test_invalid_value_is_422_with_the_message_of_its_rule(
    field: str, value: str, words: str, save: Any, make: Make, stored: Stored
) -> None:
    key = make("products")
    before = stored("products", key)
    answer = save(key, field, value)
    assert answer.status_code == 422
    assert words in answer.json["error"]
    assert stored("products", key) == before


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("price", "1.234,50", Decimal("1234.50")),
        ("price", "45,00", Decimal(45)),
        ("stock", "1,200", 1200),
        ("stock", "1\u00a0200", 1200),
    ],
)
def test_numbers_are_read_as_people_write_them(
    field: str, typed: str, value: Any, save: Any, make: Make, stored: Stored
) -> None:
    key = make("products")
    assert save(key, field, typed).status_code == 200
    assert stored("products", key)[field] == value


def test_decimals_are_those_of_the_currency(save: Any, make: Make, stored: Stored) -> None:
    key = make("products", currency="JPY", price=Decimal(100))
    assert "JPY has no decimals" in save(key, "price", "1.5").json["error"]
    assert save(key, "price", "150").json["shown"] == "150 JPY"
    assert stored("products", key)["currency"] == "JPY"


def test_conflict_shows_the_stored_value_and_saving_again_overwrites_it(
    editor: FlaskClient, submit: Submit, save: Any, make: Make, stored: Stored
) -> None:
    key = make("products")
    loaded = versions(editor)
    save(key, "price", "20")
    mine = {"id": str(key), "field": "price", "value": "30"}
    answer = submit(editor, ADDRESS, **mine, version=loaded)
    assert (answer.status_code, answer.json["shown"], answer.json["value"]) == (409, "20.00 EUR", "20.00")
    assert answer.json["error"] == "You (in another window) changed this just now, to 20.00 EUR."
    assert stored("products", key)["price"] == Decimal(20)
    assert submit(editor, ADDRESS, **mine, version=answer.json["version"]).status_code == 200
    assert stored("products", key)["price"] == Decimal(30)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("price", "20", "Account no. 2 changed this just now, to 20.00 EUR."),
        ("stock", "3", "Account no. 2 changed this product just now. This field is still 12.50 EUR."),
    ],
)
def test_conflict_says_who_changed_the_cell_or_another_field(
    field: str, value: str, message: str,
    editor: FlaskClient, client_as: ClientAs, submit: Submit, make: Make,
) -> None:  # fmt: skip
    key, admin = str(make("products")), client_as("admin")
    loaded = versions(editor)
    submit(admin, ADDRESS, id=key, field=field, value=value, version=versions(admin))
    answer = submit(editor, ADDRESS, id=key, field="price", value="30", version=loaded)
    assert (answer.status_code, answer.json["error"]) == (409, message)


def test_conflict_with_a_change_unknown_to_the_history_names_nobody(
    app: Flask, editor: FlaskClient, submit: Submit, make: Make
) -> None:
    key = make("products")
    loaded = versions(editor)
    with app.app_context():
        db.session.execute(text("UPDATE products SET stock = 3, version = version + 1"))
        db.session.commit()
    answer = submit(editor, ADDRESS, id=str(key), field="stock", value="30", version=loaded)
    assert answer.json["error"] == "Another user changed this product. This field is now 3."


def test_conflict_is_answered_with_every_cell_of_the_row(
    editor: FlaskClient, submit: Submit, save: Any, make: Make
) -> None:
    key = make("products")
    loaded = versions(editor)
    for field, value in EDITABLE.items():
        save(key, field, value)
    answer = submit(editor, ADDRESS, id=str(key), field="stock", value="1", version=loaded)
    shown = {name: cell["shown"] for name, cell in answer.json["cells"].items()}
    assert shown == {**SHOWN, "category": None}


def test_next_cell_is_saved_with_the_version_of_the_last_answer(
    editor: FlaskClient, submit: Submit, make: Make, stored: Stored
) -> None:
    key = make("products")
    version = versions(editor)
    for field, value in EDITABLE.items():
        answer = submit(editor, ADDRESS, id=str(key), field=field, value=value, version=version)
        version = answer.json["version"]
    assert stored("products", key)["version"] == 1 + len(EDITABLE)


@pytest.mark.parametrize(
    "forge",
    [
        lambda _good: "",
        lambda _good: "1",
        lambda good: good[:-1],
        lambda good: "A" + good,
        lambda _good: Signer("k", salt="versions of a page").sign("products 1:1").decode(),
        lambda _good: "\0é",
    ],
    ids=["missing", "a number", "cut", "changed", "signed with another key", "no text"],
)
def test_forged_version_is_400(
    forge: Callable[[str], str], editor: FlaskClient, save: Any, make: Make, stored: Stored
) -> None:
    key = make("products")
    assert key == 1
    assert save(key, "stock", "1", version=forge(versions(editor))).status_code == 400
    assert stored("products", key)["stock"] == 7


def test_version_of_another_record_is_400(save: Any, make: Make, stored: Stored) -> None:
    key, other = make("products"), make("products")
    version = save(other, "stock", "1").json["version"]
    assert save(key, "stock", "2", version=version).status_code == 400
    assert stored("products", key)["stock"] == 7


@pytest.mark.parametrize("key", ["", "0", "-1", "999999", "1e3", "9" * 30, "1 OR 1=1"])
def test_unknown_record_is_404(key: str, save: Any, make: Make) -> None:
    make("products")
    assert save(0, "stock", "1", id=key).status_code == 404


def test_answer_does_not_contain_the_name(save: Any, make: Make) -> None:
    key = make("products", "<script>alert(1)</script>")
    answer = save(key, "stock", "1")
    assert answer.mimetype == "application/json"
    assert "script" not in answer.text
