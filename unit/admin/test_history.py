"""The history screens: what they show, to whom, and what that costs."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.models import User
from dashboard.catalogue.bulk import change_products, delete_products
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.history.models import ChangeKind, Origin
from dashboard.history.recording import change_set_of, describe
from unit.admin.reading import Element, read, row_titles
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.factories.accounts import an_account, the_account
from unit.factories.catalogue import a_category, a_product, products

LIST = "/admin/history/"
Write = Callable[..., int]


@pytest.fixture
def write(app: Flask) -> Write:
    """`write(what, **words)` does it in a transaction of its own; the number of its change set."""

    def write(what: Callable[[], Any], **words: Any) -> int:
        with app.app_context():
            if words:
                describe(db.session, **words)
            what()
            db.session.flush()
            key = change_set_of(db.session)
            db.session.commit()
            assert key is not None
            return key

    return write


@pytest.fixture
def lamp(write: Write) -> int:
    """The only product, called Oak Lamp, with the id 1."""
    write(lambda: a_product("Oak Lamp", description="Made of oak."))
    return 1


@pytest.fixture
def viewer(client_as: ClientAs) -> FlaskClient:
    return client_as("viewer")


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    return client_as("owner")


def change(**fields: Any) -> Callable[[], None]:
    """Give product 1 these values."""

    def change() -> None:
        for name, value in fields.items():
            setattr(db.session.get_one(Product, 1), name, value)

    return change


def whats(client: FlaskClient, query: str = "") -> list[str]:
    """The first column of the list."""
    return row_titles(client.get(f"{LIST}?{query}").text)


def diffs(page: Element) -> list[tuple[str, str]]:
    """Every field on a page with what is said of it."""
    rows = [row for shown in page.all("dl", class_="diff") for row in shown.all("div")]
    return [(row.all("dt")[0].text, row.all("dd")[0].text) for row in rows]


def cells(page: Element) -> list[str]:
    """The first row of the list."""
    return [cell.text for cell in page.all("tbody")[0].all("tr")[0].all("td")]


# The list.


def test_the_list_says_what_was_done_to_what_the_newest_first(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(stock=1))
    write(lambda: products(2), kind=ChangeKind.RESTORE)
    write(lambda: (a_product(), a_category()))
    write(lambda: delete_products([1]))
    assert whats(viewer) == [
        "Deleted product “Oak Lamp”",
        "Created 2 records",
        "Restored 2 products",
        "Edited product “Oak Lamp”",
        "Created product “Oak Lamp”",
    ]


def test_the_list_says_who_did_it_when_from_where_and_how_much(
    app: Flask, client_as: ClientAs, submit: Submit, lamp: int, set_clock: SetClock
) -> None:
    with app.app_context():
        the_account("editor").name = "Edith"
        db.session.commit()
    submit(client_as("editor"), "/admin/categories/new/", name="Lamps")
    for role, who in (("viewer", "Edith"), ("admin", "editor@example.test")):
        page = read(client_as(role).get(LIST + "?of=categories").text)
        when, *others = cells(page)
        assert others == [who, "Form", "1"]
        assert when.endswith(" UTC")


@pytest.mark.parametrize(("origin", "who"), [(Origin.COMMAND, "Command line"), (Origin.FORM, "Somebody not signed in")])
def test_what_nobody_did_says_where_it_was_done(origin: Origin, who: str, viewer: FlaskClient, write: Write) -> None:
    write(a_product, origin=origin)
    assert cells(read(viewer.get(LIST).text))[1] == who


def test_an_author_who_is_gone_has_a_number(viewer: FlaskClient, write: Write) -> None:
    write(a_product, author_id=12)
    assert cells(read(viewer.get(LIST).text))[1] == "A deleted account (no. 12)"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=delete", ["Deleted product “Oak Lamp”"]),
        ("kind=delete&kind=edit", ["Deleted product “Oak Lamp”", "Edited product “Oak Lamp”"]),
        ("of=categories", ["Created category “Lamps”"]),
        ("origin=bulk", ["Edited product “Oak Lamp”"]),
        ("person=nobody&kind=create", ["Created category “Lamps”", "Created product “Oak Lamp”"]),
        ("record=categories:1", ["Created category “Lamps”"]),
        ("record=products:1&kind=create", ["Created product “Oak Lamp”"]),
        ("when_to=2001-01-01", []),
        ("when_from=2001-01-01&of=categories", ["Created category “Lamps”"]),
    ],
)
def test_the_list_is_filtered(query: str, found: list[str], viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(stock=2), origin=Origin.BULK)
    write(lambda: a_category("Lamps"))
    write(lambda: delete_products([1]))
    assert whats(viewer, query) == found


def test_the_list_is_filtered_by_people(app: Flask, owner: FlaskClient, submit: Submit, lamp: int) -> None:
    submit(owner, "/admin/categories/new/", name="Lamps")
    with app.app_context():
        key = the_account("owner").id
    assert whats(owner, f"person={key}") == ["Created category “Lamps”"]
    chips = read(owner.get(f"{LIST}?person={key}").text).all("ul", class_="chips")[0]
    assert "Person: owner@example.test" in chips.text


@pytest.mark.parametrize("query", ["person=999", "record=products:999", "record=shoes:1", "kind=sing", "of=shoes"])
def test_a_choice_that_does_not_exist_is_told_and_left_out(query: str, viewer: FlaskClient, lamp: int) -> None:
    page = viewer.get(f"{LIST}?{query}")
    assert row_titles(page.text) == ["Created product “Oak Lamp”"]
    assert "There is no such choice any more" in page.text


def test_the_filter_for_a_record_is_a_chip_that_can_be_taken_off(viewer: FlaskClient, lamp: int) -> None:
    page = read(viewer.get(f"{LIST}?record=products:1&kind=create").text)
    (chip, _) = page.all("a", class_="chip")
    assert chip.attributes["aria-label"] == "Remove filter Record: product “Oak Lamp”"
    assert chip.attributes["href"] == f"{LIST}?kind=create"
    form = page.all("form", class_="tools")[0].fields
    assert form.getlist("record") == ["products:1"]


def test_the_list_is_walked_page_by_page_and_shows_every_set_once(viewer: FlaskClient, write: Write) -> None:
    for number in range(23):
        write(lambda number=number: a_category(f"Shelf {number:02}"))
    url, seen = f"{LIST}?size=10", []
    while url:
        page = read(viewer.get(url).text)
        seen += row_titles(viewer.get(url).text)
        url = next((a.attributes["href"] for a in page.all("a", aria_label="Next page")), "")
    assert seen == [f"Created category “Shelf {number:02}”" for number in reversed(range(23))]


def test_an_empty_history_says_so(app: Flask, viewer: FlaskClient) -> None:
    assert "No history yet" in viewer.get(LIST).text  # the viewer's own account is not theirs to see
    assert "No changes match" in viewer.get(f"{LIST}?kind=erase").text


# One change set.


def details(client: FlaskClient, key: int) -> Element:
    answer = client.get(f"{LIST}details/?id={key}")
    assert answer.status_code == 200
    return read(answer.text)


def test_a_change_set_shows_its_facts_and_what_each_field_was_and_is(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    key = write(change(price=Decimal("13.5"), status="draft"), note="Spring sale")
    page = details(viewer, key)
    assert page.all("h1")[0].text == "Edited product “Oak Lamp”"
    facts = page.all("dl", class_="facts")[0].text
    for said in ("Command line", "Spring sale", f"Change set {key}"):
        assert said in facts
    assert diffs(page) == [("Price", "12.50 EUR → 13.50 EUR"), ("Status", "Active → Draft")]
    assert [(d.text, i.text) for d, i in zip(page.all("del"), page.all("ins"), strict=True)] == [
        ("12.50 EUR", "13.50 EUR"),
        ("Active", "Draft"),
    ]
    assert page.all("h3")[0].all("a")[0].attributes["href"] == "/admin/products/details/?id=1"


def test_a_new_record_is_shown_with_its_values_and_a_deleted_one_with_what_it_had(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    made = write(lambda: a_product("Elm Lamp", description="Made of elm."))
    shown = dict(diffs(details(viewer, made)))
    assert (shown["Price"], shown["Stock"], shown["Description"]) == ("12.50 EUR", "7", "Made of elm.")
    assert "Category" not in shown  # there was none
    page = details(viewer, write(lambda: delete_products([1])))
    assert dict(diffs(page))["Price"] == "12.50 EUR"
    assert page.all("h3")[0].text == "Deleted product “Oak Lamp”"
    assert not page.all("h3")[0].all("a")


def test_a_price_is_told_in_the_currency_that_it_had_then(viewer: FlaskClient, lamp: int, write: Write) -> None:
    first = write(change(price=Decimal(20)))
    both = write(change(price=Decimal(3000), currency="JPY"))
    last = write(change(price=Decimal(4000)))
    write(lambda: delete_products([1]))
    assert diffs(details(viewer, first)) == [("Price", "12.50 EUR → 20.00 EUR")]
    assert diffs(details(viewer, both)) == [("Price", "20.00 EUR → 3,000 JPY"), ("Currency", "EUR → JPY")]
    assert diffs(details(viewer, last)) == [("Price", "3,000 JPY → 4,000 JPY")]


def test_a_category_is_told_by_its_name_as_long_as_it_is_there(
    app: Flask, viewer: FlaskClient, lamp: int, write: Write
) -> None:
    write(lambda: a_category("Lamps"))
    key = write(change(category_id=1))
    assert diffs(details(viewer, key)) == [("Category", "none → Lamps")]
    write(change(category_id=None))
    write(lambda: db.session.delete(db.session.get_one(Category, 1)))
    assert diffs(details(viewer, key)) == [("Category", "none → category no. 1, deleted")]


def test_a_longer_text_is_compared_word_by_word(viewer: FlaskClient, lamp: int, write: Write) -> None:
    page = details(viewer, write(change(description="Made of solid elm.")))
    assert [d.text for d in page.all("del")] == ["oak"]
    assert [i.text for i in page.all("ins")] == ["solid elm"]
    assert diffs(page) == [("Description", "Made of oak solid elm .")]
    page = details(viewer, write(change(description="")))
    assert diffs(page) == [("Description", "Made of solid elm. → empty")]


def test_what_a_field_held_before_it_was_renamed_or_retyped_is_shown_as_it_is(
    viewer: FlaskClient, lamp: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = write(change(status="draft", stock=3))
    from dashboard.admin import changes

    fields = {name: label for name, label in changes.RECORDED["products"].fields.items() if name != "stock"}
    odd = type(changes.RECORDED["products"])(Category, fields, False)
    monkeypatch.setitem(changes.RECORDED, "products", odd)
    assert diffs(details(viewer, key)) == [("Status", "active → draft"), ("stock", "7 → 3")]


def test_a_set_says_what_it_takes_back_and_what_took_it_back(viewer: FlaskClient, lamp: int, write: Write) -> None:
    done = write(change(stock=1))
    undone = write(change(stock=7), kind=ChangeKind.UNDO, reverts_id=done)
    assert f"Taken back by Change set {undone}" in details(viewer, done).text
    page = details(viewer, undone)
    assert f"Takes back Change set {done}" in page.text
    assert page.all("h1")[0].text == "Undid changes of product “Oak Lamp”"


def test_many_changes_are_shown_some_at_a_time(viewer: FlaskClient, write: Write) -> None:
    write(lambda: products(60))
    key = write(lambda: change_products(range(1, 61), lambda row: {"stock": row["id"] + 100}))
    url, seen = f"{LIST}details/?id={key}", []
    while url:
        page = read(viewer.get(url).text)
        assert page.all("h1")[0].text == "Edited 60 products"
        seen += [text for _, text in diffs(page)]
        back = page.all("a", rel="prev")
        url = next((a.attributes["href"] for a in page.all("a", rel="next")), "")
    assert seen == [f"7 → {number}" for number in range(101, 161)]
    assert diffs(read(viewer.get(back[0].attributes["href"]).text))[-1] == ("Stock", "7 → 150")


# The timeline of a record.


@pytest.mark.parametrize("screen", ["products", "categories", "users"])
def test_a_record_has_a_timeline_and_its_page_shows_the_newest(
    screen: str, app: Flask, owner: FlaskClient, write: Write
) -> None:
    makers: dict[str, Callable[[], Any]] = {"products": a_product, "categories": a_category, "users": an_account}
    models = {"products": Product, "categories": Category, "users": User}
    with app.app_context():
        key = makers[screen]().id
        db.session.commit()
    for number in range(4):
        write(lambda number=number: setattr(db.session.get(models[screen], key), "name", f"Name {number}"))
    page = read(owner.get(f"/admin/{screen}/details/?id={key}").text)
    (section,) = [s for s in page.all("section") if s.attributes.get("aria-labelledby") == "history-title"]
    assert [item.all("a")[0].text for item in section.all("li")] == ["Edited: Name"] * 3
    (more,) = [a for a in section.all("a") if a.text == "All history"]
    page = read(owner.get(more.attributes["href"]).text)
    events = [event.text for event in page.all("ol", class_="timeline")[0].all("h2")]
    assert events == ["Edited"] * 4 + ["Created"]
    assert diffs(page)[0] == ("Name", "Name 2 → Name 3")


def test_the_timeline_of_a_record_that_is_gone_still_works(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(lambda: delete_products([1]))
    page = read(viewer.get("/admin/products/history/?id=1").text)
    assert page.all("h1")[0].text == "History of product “Oak Lamp”"
    assert "This product is gone" in page.text
    assert viewer.get("/admin/products/details/?id=1").status_code == 404


@pytest.mark.parametrize("number", ["", "0", "2", "-1", "1.0", "x", "²", "2147483648", "9" * 40])
def test_of_what_never_was_there_is_no_timeline_and_no_set(number: str, owner: FlaskClient, lamp: int) -> None:
    for path in ("/admin/products/history/", "/admin/categories/history/"):
        assert owner.get(path, query_string={"id": number}).status_code == 404
    if number != "2":
        assert owner.get(f"{LIST}details/", query_string={"id": number}).status_code == 404


def test_a_long_timeline_is_read_from_the_newest_to_the_oldest(viewer: FlaskClient, lamp: int, write: Write) -> None:
    for number in range(100, 130):
        write(change(stock=number))
    page = read(viewer.get("/admin/products/history/?id=1").text)
    assert diffs(page)[0] == ("Stock", "128 → 129")
    assert not page.all("a", rel="prev")
    older = read(viewer.get(page.all("a", rel="next")[0].attributes["href"]).text)
    assert diffs(older)[0] == ("Stock", "103 → 104")
    newer = read(viewer.get(older.all("a", rel="prev")[0].attributes["href"]).text)
    assert diffs(newer) == diffs(page)
    for nowhere in ("after=1", "before=999999", f"after={'9' * 18}", "after=-1", "before=x"):
        assert viewer.get(f"/admin/products/history/?id=1&{nowhere}").status_code == 200


# Who may see what.


def test_those_who_see_no_accounts_see_no_changes_of_any(client_as: ClientAs, write: Write, lamp: int) -> None:
    only = write(lambda: an_account(email="ada@example.test"))
    mixed = write(lambda: (an_account(email="grace@example.test"), a_product("Elm Lamp")))
    for role in ("viewer", "editor"):
        client = client_as(role)
        assert whats(client) == ["Created product “Elm Lamp”", "Created product “Oak Lamp”"]
        assert client.get(f"{LIST}details/?id={only}").status_code == 404
        page = client.get(f"{LIST}details/?id={mixed}").text
        assert "grace@" not in page
        assert len(read(page).all("h3")) == 1
        assert cells(read(client.get(LIST).text))[-1] == "1"
        assert client.get("/admin/users/history/?id=1").status_code == 403
        for query in ("of=users", "record=users:1"):
            assert "There is no such choice any more" in client.get(f"{LIST}?{query}").text


def test_admins_see_the_changes_of_the_accounts_that_they_see(client_as: ClientAs, app: Flask, write: Write) -> None:
    admin = client_as("admin")
    seen = write(lambda: an_account(email="ada@example.test"))
    hidden = write(lambda: an_account("owner", email="boss@example.test"))
    both = write(lambda: [setattr(user, "name", "X") for user in db.session.query(User) if user.role != "admin"])
    page = admin.get(LIST).text
    assert "boss@" not in page
    assert row_titles(page)[:2] == ["Edited account ada@example.test", "Created account ada@example.test"]
    assert admin.get(f"{LIST}details/?id={seen}").status_code == 200
    assert admin.get(f"{LIST}details/?id={hidden}").status_code == 404
    assert len(details(admin, both).all("h3")) == 1
    owner = client_as("owner")
    assert whats(owner, f"size=50&record=users:3")[:1] == ["Edited 2 accounts"]
    assert admin.get("/admin/users/history/?id=3").status_code == 404
    assert "no such choice" in admin.get(f"{LIST}?record=users:3").text
    assert owner.get("/admin/users/history/?id=3").status_code == 200


def test_the_changes_of_accounts_that_are_gone_are_for_owners(client_as: ClientAs, write: Write) -> None:
    admin, owner = client_as("admin"), client_as("owner")
    write(lambda: an_account(email="ada@example.test"))
    gone = write(lambda: db.session.delete(db.session.query(User).filter_by(email="ada@example.test").one()))
    assert "ada@" not in admin.get(LIST).text
    assert admin.get(f"{LIST}details/?id={gone}").status_code == 404
    assert admin.get("/admin/users/history/?id=3").status_code == 404
    assert whats(owner)[0] == "Deleted account ada@example.test"
    assert diffs(details(owner, gone))[0] == ("E-mail address", "ada@example.test")
    assert owner.get("/admin/users/history/?id=3").status_code == 200


def test_nobody_is_offered_as_a_person_who_only_did_what_one_may_not_see(
    app: Flask, client_as: ClientAs, submit: Submit, write: Write, lamp: int
) -> None:
    owner, viewer = client_as("owner"), client_as("viewer")
    submit(owner, "/admin/users/new/", email="a@example.test", password="plum orbit lantern 9",
           confirm="plum orbit lantern 9", role="viewer")  # fmt: skip
    with app.app_context():
        key = the_account("owner").id
    assert "owner@example.test" not in viewer.get(LIST).text
    assert "no such choice" in viewer.get(f"{LIST}?person={key}").text
    submit(owner, "/admin/categories/new/", name="Lamps")
    assert "owner@example.test" in viewer.get(LIST).text


# What it costs.


@pytest.mark.parametrize("role", ["viewer", "admin", "owner"])
@pytest.mark.parametrize(
    ("query", "most"), [("", 6), ("kind=edit&origin=command&person=nobody&when_from=2020-01-01", 6), ("of=products", 7)]
)
def test_a_page_takes_as_many_queries_for_a_hundred_sets_as_for_ten(
    role: str, query: str, most: int, client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client, taken = client_as(role), []
    for more in (10, 90):
        for _ in range(more):
            key = write(lambda: (a_product(category_id=a_category().id)))
            write(lambda: change_products([1], lambda row: {"stock": row["stock"] + 1}))
        with count_queries() as statements:
            assert client.get(f"{LIST}?{query}&size=100").status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1] <= most, statements
    with count_queries() as statements:
        details(client, key)
    assert len(statements) <= 6, statements


def test_a_timeline_takes_few_queries(client_as: ClientAs, write: Write, lamp: int, count_queries: CountQueries) -> None:
    client = client_as("owner")
    write(lambda: a_category("Lamps"))
    for number in range(20):
        write(change(price=Decimal(number + 20), category_id=1 if number % 2 else None))
    write(lambda: delete_products([1]))
    with count_queries() as statements:
        client.get("/admin/products/history/?id=1")
    assert len(statements) <= 7, statements
