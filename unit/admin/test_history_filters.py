"""The history by changed field and by days, with old and new values in the rows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from dashboard.accounts.models import User
from dashboard.admin.ledger import field_filter
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.models import ChangedField
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product, products
from unit.admin.ledger import LIST, Write, change, titles, whats
from unit.admin.reading import Element, read
from unit.conftest import ClientAs, SetClock
from unit.history.erasing import a_person_who_left, erase

EDITED, CREATED = "Edited product “Oak Lamp”", "Created product “Oak Lamp”"
NOW = datetime(2027, 3, 10, 23, 30, tzinfo=UTC)


def rows(client: FlaskClient, query: str = "") -> list[str]:
    """The first cell of each row of the list."""
    page = read(client.get(f"{LIST}?{query}").text)
    return [head.text for body in page.all("tbody") for head in body.all("th")]


def options(client: FlaskClient, query: str = "") -> dict[str, str]:
    """The fields to choose from, by their values in the address."""
    page = read(client.get(f"{LIST}?{query}").text)
    boxes = page.all("input", type="checkbox", name="field")
    labels = [label for label in page.all("label") if any(box in label.all("input") for box in boxes)]
    return {label.all("input")[0].attributes["value"]: label.text for label in labels}


def presets(page: Element) -> list[Element]:
    """The spans of days above the list."""
    return page.all("ul", aria_label="Days")[0].all("a")


@pytest.mark.both_databases
def test_filter_by_field_finds_edits_of_it_alone(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(price=Decimal(13)))
    write(change(stock=2))
    write(change(price=Decimal(14), stock=3))
    write(lambda: trash_products([1]))
    assert rows(viewer, "field=products:price") == [
        f"{EDITED} Price 13.00 EUR → 14.00 EUR Stock 2 → 3",
        f"{EDITED} Price 12.50 EUR → 13.00 EUR",
    ]
    assert whats(viewer, "field=products:price&field=products:stock") == [EDITED] * 3
    assert whats(viewer, "field=products:name") == []


@pytest.mark.both_databases
def test_filter_by_field_finds_bulk_changes(viewer: FlaskClient, write: Write) -> None:
    write(lambda: products(3))
    write(lambda: change_products([1, 2, 3], lambda row: {"stock": row["id"] + 9}))
    assert rows(viewer, "field=products:stock") == ["Edited 3 products Stock"]
    assert rows(viewer, "field=products:price") == []


@pytest.mark.both_databases
def test_filter_by_field_finds_the_same_where_sets_are_many(
    viewer: FlaskClient, lamp: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field_filter, "MOST_LOOKED_UP", 1)
    write(change(stock=2))
    write(change(price=Decimal(13)))
    write(change(stock=4))
    assert rows(viewer, "field=products:stock") == [f"{EDITED} Stock 2 → 4", f"{EDITED} Stock 7 → 2"]


def test_filter_by_field_goes_with_days_and_users(
    client_as: ClientAs, lamp: int, write: Write, set_clock: SetClock
) -> None:
    for days, price in ((40, 13), (5, 14), (0, 15)):
        set_clock(NOW - timedelta(days=days))
        write(change(price=Decimal(price)))
    set_clock(NOW)
    week = "when_from=2027-03-04&when_to=2027-03-10"
    found = rows(client_as("viewer"), f"field=products:price&person=nobody&{week}")
    assert [row.split()[-2] for row in found] == ["15.00", "14.00"]


def test_fields_of_one_label_say_whose_they_are(viewer: FlaskClient, lamp: int) -> None:
    found = options(viewer)
    assert found["products:price"] == "Price"
    assert found["products:name"] == "Name (products)"
    assert found["categories:name"] == "Name (categories)"


def test_fields_of_a_chosen_type_alone_are_offered(viewer: FlaskClient, lamp: int) -> None:
    found = options(viewer, "of=categories&field=products:price")
    assert found["categories:name"] == "Name (categories)"
    assert [each for each in found if not each.startswith("categories:")] == ["products:price"]


def test_many_fields_are_cut_and_say_how_to_see_more(
    viewer: FlaskClient, lamp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field_filter, "MOST_OFFERED", 2)
    assert len(options(viewer)) == 2
    assert "Choose a type to see more fields." in viewer.get(LIST).text
    assert "products:price" in options(viewer, "field=products:price")


def test_fields_that_a_user_may_not_see_are_no_options(client_as: ClientAs, write: Write) -> None:
    write(lambda: an_account(email="ada@example.test"))
    write(lambda: a_category("Lamps"))
    viewer = client_as("viewer")
    assert not [value for value in options(viewer) if value.startswith("users:")]
    assert "option no longer exists" in viewer.get(f"{LIST}?field=users:email").text
    assert "users:email" in options(client_as("admin"))


@pytest.mark.both_databases
def test_filter_does_not_tell_of_hidden_records(client_as: ClientAs, write: Write) -> None:
    admin, owner = client_as("admin"), client_as("owner")
    write(lambda: an_account("editor", email="ada@example.test"))

    def edit() -> None:
        db.session.query(User).filter_by(email="ada@example.test").one().active = False
        db.session.query(User).filter_by(role="owner").one().name = "Grace"

    write(edit)
    assert whats(owner, "field=users:name") == ["Edited 2 accounts"]
    assert whats(admin, "field=users:name") == []
    assert whats(admin, "field=users:active") == ["Edited account ada@example.test"]
    assert rows(admin, "field=users:active") == ["Edited account ada@example.test Active Yes → No"]


@pytest.mark.both_databases
def test_erased_changes_are_not_found_by_their_fields(app: Flask, client_as: ClientAs) -> None:
    owner = client_as("owner")
    with app.app_context():
        key = a_person_who_left()
    assert whats(owner, "field=users:name")[0] == "Edited account ada@example.test"
    with app.app_context():
        erase(key)
        db.session.commit()
    assert not [each for each in whats(owner, "field=users:name") if "2 accounts" not in each]


def test_row_shows_old_and_new_values_of_two_fields(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(name="Elm Lamp", price=Decimal(13), stock=1, currency="USD"))
    assert rows(viewer)[0] == (
        "Edited product “Elm Lamp” Name Oak Lamp → Elm Lamp Price 12.50 EUR → 13.00 USD and Currency, Stock"
    )
    assert rows(viewer, "field=products:stock")[0].startswith(
        "Edited product “Elm Lamp” Stock 7 → 1 Name Oak Lamp → Elm Lamp and"
    )


def test_row_shortens_long_values(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(name="Oak" * 30))
    write(change(description="Made of solid elm."))
    write(change(description="word " * 90))
    assert rows(viewer)[:3] == [
        f"Edited product “{'Oak' * 30}” Description",
        f"Edited product “{'Oak' * 30}” Description Made of oak solid elm .",
        f"Edited product “{'Oak' * 30}” Name Oak Lamp {'Oak' * 30}",
    ]


def test_row_of_a_created_record_has_no_values(viewer: FlaskClient, lamp: int) -> None:
    assert rows(viewer) == [CREATED]


def test_spans_of_days_stand_above_the_list(client_as: ClientAs, lamp: int, set_clock: SetClock) -> None:
    set_clock(NOW)
    viewer = client_as("viewer")
    found = presets(read(viewer.get(f"{LIST}?field=products:price").text))
    assert [link.text for link in found][:4] == ["Today", "Yesterday", "Last 7 days", "Last 30 days"]
    address = found[2].attributes["href"]
    assert address == f"{LIST}?field=products%3Aprice&when=last-7-days"
    marked = presets(read(viewer.get(address).text))
    assert [link.text for link in marked if "aria-current" in link.attributes] == ["Last 7 days"]


@pytest.mark.both_databases
def test_changed_fields_follow_savepoints(context: Flask) -> None:
    product = a_product()
    db.session.commit()
    with db.session.begin_nested() as savepoint:
        product.stock = 1
        db.session.flush()
        savepoint.rollback()
    product.name = "Elm"
    db.session.flush()
    product.stock = 3
    db.session.flush()
    product.stock = 4
    db.session.commit()
    noted = db.session.query(ChangedField).order_by(ChangedField.field).all()
    assert [each.field for each in noted] == ["name", "stock"]
    assert db.session.get_one(Product, product.id).stock == 4


@pytest.mark.both_databases
@pytest.mark.parametrize("statement", ["UPDATE changed_fields SET field = 'x'", "DELETE FROM changed_fields"])
def test_changed_fields_cannot_be_changed(context: Flask, statement: str) -> None:
    product = a_product()
    db.session.commit()
    product.stock = 1
    db.session.commit()
    with pytest.raises(Exception, match="the history cannot be changed"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert db.session.query(ChangedField).one().field == "stock"


def test_page_of_one_change_leads_back_to_the_filtered_list(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    write(change(price=Decimal(13)))
    page = read(viewer.get(f"{LIST}?field=products:price").text)
    (link,) = [head.all("a")[0] for body in page.all("tbody") for head in body.all("th")]
    assert "field%3Dproducts" in link.attributes["href"] or "field%253D" in link.attributes["href"]
    assert titles(viewer.get(f"{LIST}?field=products:price").text) == [EDITED]
