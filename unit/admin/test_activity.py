"""The newest changes on the home: sentences that say who changed what, as far as a user may see it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.ledger import newest_sets
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.models import ChangeKind, Origin
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.ledger import Write, whats
from unit.admin.reading import Element, read
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.history.erasing import a_person_who_left, erase

pytestmark = pytest.mark.both_databases
MOST = 6
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    set_clock(NOW)


@pytest.fixture
def ann(app: Flask) -> int:
    """The number of Ann Lee, an editor."""
    with app.app_context():
        the_account("editor").name = "Ann Lee"
        db.session.commit()
        return the_account("editor").id


@pytest.fixture
def bob(app: Flask) -> int:
    """The number of Bob, another editor."""
    with app.app_context():
        key = an_account("editor", email="bob@example.test", name="Bob").id
        db.session.commit()
    return key


def rows(client: FlaskClient) -> list[Element]:
    """The sentences on the home, the newest first, without those about accounts that the tests made."""
    found = read(client.get("/admin/").text).all("ol", class_="activity")
    return [row for each in found for row in each.all("li") if "account " not in row.text]


def told(client: FlaskClient) -> list[str]:
    """The same as texts, without the times."""
    return [row.all("p")[0].text for row in rows(client)]


def links(row: Element) -> list[str]:
    """The addresses in a sentence: of the record, where there is one, and of the change."""
    return [link.attributes["href"] for link in row.all("a")]


def lamp(**fields: Any) -> None:
    update_product(db.session.get_one(Product, 1), fields)


def test_changed_price_is_told_with_who_from_what_to_what_and_when(
    viewer: FlaskClient, write: Write, set_clock: SetClock, ann: int
) -> None:
    write(lambda: a_product("Oak Lamp", price=Decimal(45)))
    key = write(lambda: lamp(price=Decimal("42.50")), author_id=ann)
    set_clock(NOW + timedelta(minutes=5))
    [newest, first] = rows(viewer)
    words = "Ann Lee changed the price of product “Oak Lamp” , 45.00 EUR → 42.50 EUR"
    assert newest.all("p")[0].text == words
    assert newest.all("time")[0].text == "5 minutes ago"
    assert links(newest) == ["/admin/products/details/?id=1", f"/admin/history/details/?id={key}"]
    assert first.all("p")[0].text == "Command line created product “Oak Lamp”"


def test_several_fields_are_named_and_many_are_counted_as_an_edit(
    viewer: FlaskClient, write: Write, set_clock: SetClock, ann: int
) -> None:
    write(lambda: a_product("Oak Lamp", sku="A-1"))
    write(lambda: lamp(sku="B-1", stock=70), author_id=ann)
    assert told(viewer)[0] == "Ann Lee changed the SKU and stock of product “Oak Lamp”"
    set_clock(NOW + timedelta(hours=1))
    write(lambda: lamp(sku="C-1", stock=8, price=Decimal(1), currency="USD"), author_id=ann)
    assert told(viewer)[0] == "Ann Lee edited product “Oak Lamp”"


def test_changes_of_one_record_in_a_row_are_counted(viewer: FlaskClient, write: Write, ann: int) -> None:
    write(lambda: a_product("Oak Lamp"))
    for stock in (70, 71, 72):
        write(lambda stock=stock: lamp(stock=stock), author_id=ann)
    [edits, _] = rows(viewer)
    assert edits.all("p")[0].text == "Ann Lee edited product “Oak Lamp” 3 times"
    record, history = links(edits)
    assert record == "/admin/products/details/?id=1"
    assert whats(viewer, history.partition("?")[2]) == ["Edited product “Oak Lamp”"] * 3


def test_changes_of_others_between_do_not_part_those_of_a_person(
    viewer: FlaskClient, write: Write, set_clock: SetClock, ann: int, bob: int
) -> None:
    write(lambda: [a_product(f"Lamp {number}") for number in range(3)])
    for turn, key in enumerate((1, 2, 3, 3)):
        its = {"stock": 70 + turn}
        write(lambda key=key, its=its: update_product(db.session.get_one(Product, key), its), author_id=ann)
        write(lambda turn=turn: a_category(f"Shelf {turn}"), author_id=bob)
        set_clock(newest_sets.PAUSE)
    assert told(viewer) == [
        "Bob created 4 categories",
        "Ann Lee edited 3 products",
        "Command line created 3 products",
    ]
    [its] = links(rows(viewer)[1])
    assert its == f"/admin/history/?kind=edit&of=products&person={ann}"
    names = [f"Edited product “Lamp {number}”" for number in (2, 2, 1, 0)]
    assert whats(viewer, its.partition("?")[2]) == names


def test_pause_begins_a_new_sentence(
    viewer: FlaskClient, write: Write, set_clock: SetClock, ann: int
) -> None:
    write(lambda: a_category("Shelf"), author_id=ann)
    set_clock(NOW + newest_sets.PAUSE + timedelta(seconds=1))
    write(lambda: a_category("Board"), author_id=ann)
    assert told(viewer) == ["Ann Lee created category “Board”", "Ann Lee created category “Shelf”"]


def test_change_of_many_records_is_one_sentence_with_its_fields(
    viewer: FlaskClient, write: Write, ann: int
) -> None:
    write(lambda: [a_product(f"Lamp {number}") for number in range(14)])
    fill = {"stock": 50, "price": Decimal(3)}
    its = write(lambda: change_products([*range(1, 15)], lambda _: fill), author_id=ann, origin=Origin.BULK)
    [filled, _] = rows(viewer)
    assert filled.all("p")[0].text == "Ann Lee changed the price and stock of 14 products"
    assert links(filled) == [f"/admin/history/details/?id={its}"]


def test_steps_of_a_job_are_told_as_one_change(viewer: FlaskClient, write: Write, ann: int, bob: int) -> None:
    write(lambda: [a_product(f"Lamp {number}") for number in range(6)])
    job = {"author_id": ann, "origin": Origin.JOB, "request_id": "job-7"}
    for keys in ((1, 2, 3), (4, 5), (6,)):
        write(lambda keys=keys: change_products(keys, lambda _: {"stock": 99}), **job)
        write(lambda keys=keys: a_category(f"Shelf {keys}"), author_id=bob)
    assert told(viewer)[:2] == ["Bob created 3 categories", "Ann Lee edited 6 products"]


def test_more_changes_than_are_looked_at_are_not_counted_exactly(
    viewer: FlaskClient, write: Write, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest_sets, "LOOKED_AT", 3)
    for number in range(5):
        write(lambda number=number: a_category(f"Shelf {number}"), author_id=ann)
    assert told(viewer) == ["Ann Lee created over 3 categories"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"kind": ChangeKind.IMPORT}, "Ann Lee imported product “Oak Lamp”"),
        ({"kind": ChangeKind.RESTORE}, "Ann Lee restored product “Oak Lamp”"),
        ({"kind": ChangeKind.UNDO}, "Ann Lee undid a change of the stock of product “Oak Lamp” , 12 → 70"),
        ({"kind": ChangeKind.REVERT}, "Ann Lee set back the stock of product “Oak Lamp” , 12 → 70"),
    ],
)
def test_kinds_of_changes_have_their_own_verbs(
    words: dict[str, Any], sentence: str, viewer: FlaskClient, write: Write, ann: int
) -> None:
    write(lambda: a_product("Oak Lamp", stock=12))
    write(lambda: lamp(stock=70), author_id=ann, **words)
    assert told(viewer)[0] == sentence


def test_reason_stands_beside_its_change(viewer: FlaskClient, write: Write, ann: int) -> None:
    write(lambda: a_category("Shelf"), author_id=ann, reason="New <b>room</b>")
    assert told(viewer) == ["Ann Lee created category “Shelf” “New <b>room</b>”"]


def test_exports_change_nothing_and_are_not_told(owner: FlaskClient, write: Write) -> None:
    write(lambda: a_product("Oak Lamp"))
    before = told(owner)
    assert owner.get("/admin/products/export/csv/").status_code == 200
    assert told(owner) == before


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_what_a_user_may_not_see_is_not_told(role: str, client_as: ClientAs, write: Write) -> None:
    client = client_as(role)
    write(lambda: a_category("Shelf"))
    write(lambda: setattr(the_account("owner"), "name", "Olga Orlova"))
    page = client.get("/admin/").text
    assert "Shelf" in page
    assert "Olga" not in page
    assert "owner@example.test" not in page


def test_registration_is_told_to_those_who_see_accounts(
    client_as: ClientAs, submit: Submit, set_clock: SetClock
) -> None:
    owner, viewer, new = (
        client_as("owner"),
        client_as("viewer"),
        client_as("viewer").application.test_client(),
    )
    set_clock(NOW + timedelta(hours=1))
    password = "plum orbit lantern 42"
    sent = {"email": "new@example.test", "password": password, "confirm": password}
    assert is_redirect(submit(new, "/register", **sent))
    newest = read(owner.get("/admin/").text).all("ol", class_="activity")[0].all("li")[0]
    assert newest.all("p")[0].text == "Registered: account new@example.test"
    assert "new@example.test" not in viewer.get("/admin/").text


def test_people_who_registered_stand_apart_from_commands(
    owner: FlaskClient, write: Write, set_clock: SetClock, ann: int
) -> None:
    set_clock(NOW + timedelta(hours=1))
    for number in range(3):
        write(lambda number=number: an_account("viewer", email=f"made{number}@example.test"))
        write(
            lambda number=number: an_account("viewer", email=f"self{number}@example.test"),
            origin=Origin.FORM,
        )
        write(lambda number=number: an_account("viewer", email=f"ann{number}@example.test"), author_id=ann)
    newest = read(owner.get("/admin/").text).all("ol", class_="activity")[0].all("li")[:3]
    assert [row.all("p")[0].text for row in newest] == [
        "Ann Lee created 3 accounts",
        "Registered: 3 accounts",
        "Command line created 3 accounts",
    ]
    its = [whats(owner, links(row)[0].partition("?")[2]) for row in newest]
    assert [len(changes) for changes in its[:2]] == [3, 3]
    assert all("self" in change for change in its[1])
    assert len([change for change in its[2] if "made" in change]) == 3
    assert not any("self" in change or "ann" in change for change in its[2])


def test_erased_people_stay_erased(app: Flask, client_as: ClientAs) -> None:
    owner = client_as("owner")
    with app.app_context():
        key = a_person_who_left()
    assert "Lovelace" in owner.get("/admin/").text
    with app.app_context():
        erase(key)
        db.session.commit()
    page = owner.get("/admin/").text
    [newest, *_] = read(page).all("ol", class_="activity")[0].all("li")
    assert newest.all("p")[0].text == f"owner@example.test erased the history of account no. {key}"
    assert "Lovelace" not in page
    assert "ada@" not in page


def test_changes_by_a_deleted_user_have_its_number(
    app: Flask, viewer: FlaskClient, write: Write, bob: int
) -> None:
    write(lambda: a_category("Shelf"), author_id=bob)
    with app.app_context():
        db.session.delete(the_account("bob@example.test"))
        db.session.commit()
    assert told(viewer) == [f"Deleted user (no. {bob}) created category “Shelf”"]
    assert rows(viewer)[0].all("span", class_="initials") == []


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_activity_takes_a_handful_of_queries_however_much_there_is(
    role: str, client_as: ClientAs, write: Write, count_queries: CountQueries, ann: int, bob: int
) -> None:
    client, taken = client_as(role), []
    for turn in range(2):
        for number in range(1 + 30 * turn):
            author = (ann, bob)[number % 2]
            shelf = f"Shelf {turn} {number}"
            write(lambda shelf=shelf: a_category(shelf), author_id=author)
            write(lambda shelf=shelf: a_product(shelf), author_id=author)
            key = write(lambda shelf=shelf: [a_product(f"{shelf} {n}") for n in range(3)], author_id=author)
            write(lambda key=key: update_product(db.session.get_one(Product, 1), {"stock": key}))
        with count_queries() as statements:
            assert client.get("/admin/").status_code == 200
        taken.append([each for each in statements if "change" in each])
    assert len(taken[0]) <= len(taken[1]) <= MOST, taken[1]
