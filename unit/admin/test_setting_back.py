"""Setting a field back to what it was before a change, whatever was changed since."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import ChangeKind
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.ledger import Write, change, diffs
from unit.admin.reading import flashes, read, record_form
from unit.admin.reverting import first_change, the_lamp
from unit.conftest import ClientAs, Submit
from unit.history.reading import change_sets

Address = Callable[..., str]


@pytest.fixture
def address(app: Flask) -> Address:
    """`address(change_set, "price")` is the page for a field of the first change of a set."""

    def address(change_set: int, field: str, screen: str = "products", key: int = 1) -> str:
        return f"/admin/{screen}/set-back/?id={key}&change={first_change(app, change_set)}&field={field}"

    return address


def confirm(client: FlaskClient, submit: Submit, address: str, **sent: str) -> str:
    """Press the button of the page at an address; the text of the answer or of the page that it leads to."""
    form = {**record_form(client.get(address).text).to_dict(), **sent}
    answer = submit(client, address, **form)
    return client.get(answer.headers["Location"]).text if is_redirect(answer) else answer.text


def the_category() -> Category:
    return db.session.get_one(Category, 1)


def the_ada() -> User:
    return db.session.query(User).filter_by(email="ada@example.test").one()


def lamp_values(app: Flask) -> tuple[str, Decimal, int, str]:
    with app.app_context():
        lamp = the_lamp()
        return lamp.name, lamp.price, lamp.stock, lamp.currency


def test_history_offers_to_set_each_field_back(editor: FlaskClient, lamp: int, write: Write) -> None:
    write(change(price=Decimal(13), stock=2))
    page = read(editor.get("/admin/products/history/?id=1").text)
    links = [link for link in page.all("a") if link.text.startswith("Set back")]
    assert [link.text for link in links] == ["Set back to 12.50 EUR", "Set back to 7"]
    assert links[0].attributes["aria-label"].startswith("Set back to 12.50 EUR: Price, Edited product")


@pytest.mark.both_databases
def test_field_is_set_back_though_others_changed_since(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    write(change(stock=2, name="Elm Lamp"))
    page = read(editor.get(address(made, "price")).text)
    assert page.all("h1")[0].text == "Set back Price of product “Elm Lamp”?"
    assert diffs(page) == [("Price, now", "13.00 EUR"), ("Price, after", "12.50 EUR")]
    assert "has been changed since" not in page.text
    after = confirm(editor, submit, address(made, "price"))
    assert ("success", "Product “Elm Lamp”: Price set back to 12.50 EUR.") in flashes(after)
    assert lamp_values(app) == ("Elm Lamp", Decimal("12.5"), 2, "EUR")
    with app.app_context():
        last = change_sets()[-1]
        assert (last.kind, last.reverts_id) == (ChangeKind.REVERT, made)
        assert verify(db.session).faults == []


@pytest.mark.both_databases
def test_field_changed_since_is_set_back_after_a_warning(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    write(change(price=Decimal(14)))
    write(change(price=Decimal(15), stock=3))
    page = editor.get(address(made, "price")).text
    assert "Price has been changed since:" in page
    later = [item.text for each in read(page).all("ul", class_="later") for item in each.all("li")]
    assert [item.split("UTC")[-1].split(":")[-1].strip() for item in later] == [
        "14.00 EUR → 15.00 EUR",
        "13.00 EUR → 14.00 EUR",
    ]
    assert all(item.startswith("Command line, ") for item in later)
    confirm(editor, submit, address(made, "price"))
    assert lamp_values(app)[1:3] == (Decimal("12.5"), 3)


def test_change_outside_the_console_is_warned_of(
    app: Flask, editor: FlaskClient, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    with app.app_context():
        db.session.connection().exec_driver_sql("UPDATE products SET price = '17.0000'")
        db.session.commit()
    assert "Price has been changed since, outside this console." in editor.get(address(made, "price")).text


def test_field_that_has_the_value_is_not_set_back(
    editor: FlaskClient, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    write(change(price=Decimal("12.5")))
    page = editor.get(address(made, "price")).text
    assert "Price is 12.50 EUR already. There is nothing to set back." in page
    assert not [button for button in read(page).all("button") if button.text.startswith("Set back")]


def test_setting_back_can_be_undone(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    after = read(confirm(editor, submit, address(made, "price")))
    (undo,) = [form for form in after.all("form") if form.attributes.get("action") == "/admin/revert/undo/"]
    submit(editor, "/admin/revert/undo/", **undo.fields.to_dict())
    assert lamp_values(app)[1] == Decimal(13)


def test_record_changed_while_the_page_is_open_is_shown_again(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    form = record_form(editor.get(address(made, "price")).text).to_dict()
    write(change(price=Decimal(20)))
    answer = submit(editor, address(made, "price"), **form)
    assert answer.status_code == 409
    assert "Nothing was set back. Check it again." in answer.text
    assert "13.00 EUR → 20.00 EUR" in " ".join(read(answer.text).text.split())
    assert lamp_values(app)[1] == Decimal(20)
    assert is_redirect(submit(editor, address(made, "price"), **record_form(answer.text).to_dict()))
    assert lamp_values(app)[1] == Decimal("12.5")


def test_rule_that_refuses_is_told_in_words(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(3000), currency="JPY"))
    page = confirm(editor, submit, address(made, "price"))
    assert "Price was not set back" in page
    assert "fit the other fields of today. Edit it instead." in page
    assert lamp_values(app)[1:] == (Decimal(3000), 7, "JPY")


def test_taken_code_is_not_set_back(
    app: Flask, editor: FlaskClient, submit: Submit, write: Write, address: Address
) -> None:
    write(lambda: a_product("Oak Lamp", sku="LMP-1"))
    made = write(change(sku="LMP-2"))
    write(lambda: a_product("Elm Lamp", sku="LMP-1"))
    page = confirm(editor, submit, address(made, "sku"))
    assert "This SKU is already in use." in page
    with app.app_context():
        assert the_lamp().sku == "LMP-2"


@pytest.mark.both_databases
def test_references_and_choices_are_set_back(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    write(lambda: a_category("Lamps"))
    made = write(change(category_id=1, status="draft"))
    page = read(editor.get(address(made, "category_id")).text)
    assert diffs(page) == [("Category, now", "Lamps"), ("Category, after", "not set")]
    confirm(editor, submit, address(made, "category_id"))
    confirm(editor, submit, address(made, "status"))
    with app.app_context():
        assert (the_lamp().category_id, the_lamp().status) == (None, "active")


def test_records_of_other_kinds_are_set_back(
    app: Flask, client_as: ClientAs, submit: Submit, write: Write, address: Address
) -> None:
    owner = client_as("owner")
    write(lambda: a_category("Lamps"))
    made = write(lambda: setattr(the_category(), "name", "Lights"))
    confirm(owner, submit, address(made, "name", "categories"))
    write(lambda: an_account(email="ada@example.test"))
    with app.app_context():
        key = the_ada().id
    renamed = write(lambda: setattr(the_ada(), "name", "Ada"))
    confirm(owner, submit, address(renamed, "name", "users", key))
    with app.app_context():
        assert (the_category().name, the_ada().name) == ("Lamps", "")


@pytest.mark.parametrize(
    ("field", "key"), [("price", 2), ("name", 1), ("secret", 1), ("", 1)], ids=["key", "name", "other", "no"]
)
def test_what_was_not_changed_is_not_found(
    field: str, key: int, editor: FlaskClient, lamp: int, write: Write, address: Address
) -> None:
    write(lambda: a_product("Elm Lamp"))
    made = write(change(price=Decimal(13)))
    assert editor.get(address(made, field, key=key)).status_code == 404


def test_created_and_deleted_records_are_not_set_back(
    app: Flask, editor: FlaskClient, lamp: int, write: Write, address: Address
) -> None:
    made = write(lambda: a_product("Elm Lamp"))
    assert editor.get(address(made, "name", key=2)).status_code == 404
    changed = write(change(stock=1))
    write(lambda: trash_products([1]))
    assert "Set back" not in editor.get("/admin/products/history/?id=1").text
    assert editor.get(address(changed, "stock")).status_code in (302, 404)


def test_forged_and_missing_states_are_refused(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    form = record_form(editor.get(address(made, "price")).text).to_dict()
    state = next(name for name in form if name.startswith("dashboard-"))
    for sent in ({**form, state: "x"}, {**form, state: ""}):
        assert submit(editor, address(made, "price"), **sent).status_code == 400
    assert lamp_values(app)[1] == Decimal(13)


def test_viewers_cannot_set_back(
    client_as: ClientAs, submit: Submit, lamp: int, write: Write, address: Address
) -> None:
    made = write(change(price=Decimal(13)))
    viewer = client_as("viewer")
    assert "Set back" not in viewer.get("/admin/products/history/?id=1").text
    assert viewer.get(address(made, "price")).status_code == 403
    assert submit(viewer, address(made, "price")).status_code == 403


def test_own_account_is_not_set_back_here(
    app: Flask, client_as: ClientAs, write: Write, address: Address
) -> None:
    owner = client_as("owner")
    with app.app_context():
        key = the_account("owner").id
    made = write(lambda: setattr(the_account("owner"), "name", "Grace"))
    assert owner.get(address(made, "name", "users", key)).status_code == 403
