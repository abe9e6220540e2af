"""The list of change sets, and the page of each."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.models import Category
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.models import Action, ChangeKind, Origin
from dashboard.history.recording import Entry, record
from dashboard.testing.accounts import the_account
from dashboard.testing.catalogue import a_category, a_product, products
from unit.admin.ledger import LIST, Write, cells, change, details, diffs, titles, whats
from unit.admin.reading import read, record_form
from unit.conftest import ClientAs, SetClock, Submit
from unit.history.reading import change_sets

# The list.


def test_list_names_actions_and_records_newest_first(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(stock=1))
    write(lambda: products(2), kind=ChangeKind.RESTORE)
    write(lambda: (a_product(), a_category()))
    write(lambda: trash_products([1]))
    assert whats(viewer) == [
        "Deleted product “Oak Lamp”",
        "Created 2 records",
        "Restored 2 products",
        "Edited product “Oak Lamp”",
        "Created product “Oak Lamp”",
    ]


def test_list_shows_author_time_source_and_number_of_changes(
    app: Flask, client_as: ClientAs, submit: Submit, lamp: int, set_clock: SetClock
) -> None:
    set_clock(datetime(2026, 4, 1, 12, tzinfo=UTC))
    with app.app_context():
        the_account("editor").name = "Edith"
        db.session.commit()
    submit(client_as("editor"), "/admin/categories/new/", name="Lamps")
    for role, who in (("viewer", "Edith"), ("admin", "Edith")):
        page = read(client_as(role).get(LIST + "?of=categories").text)
        assert cells(page) == ["1 Apr 2026, 12:00", who, "Form", "1"]
        (when,) = page.all("tbody")[0].all("time")
        assert when.attributes["title"] == "1 Apr 2026, 12:00 UTC"
        assert [head.text for head in page.all("thead")[0].all("th")] == [
            "What",
            "When UTC",
            "Who",
            "Source",
            "Changes",
        ]


@pytest.mark.parametrize(
    ("origin", "who"), [(Origin.COMMAND, "Command line"), (Origin.FORM, "Self-registered")]
)
def test_change_without_author_names_its_source(
    origin: Origin, who: str, viewer: FlaskClient, write: Write
) -> None:
    write(a_product, origin=origin)
    assert cells(read(viewer.get(LIST).text))[1] == who


def test_deleted_author_is_shown_by_number(viewer: FlaskClient, write: Write) -> None:
    write(a_product, author_id=12)
    assert cells(read(viewer.get(LIST).text))[1] == "Deleted user (no. 12)"


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
def test_list_is_filtered(query: str, found: list[str], viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(stock=2), origin=Origin.BULK)
    write(lambda: a_category("Lamps"))
    write(lambda: trash_products([1]))
    assert whats(viewer, query) == found


def test_list_is_filtered_by_user(app: Flask, owner: FlaskClient, submit: Submit, lamp: int) -> None:
    submit(owner, "/admin/categories/new/", name="Lamps")
    with app.app_context():
        key = the_account("owner").id
    assert whats(owner, f"person={key}") == ["Created category “Lamps”"]
    chips = read(owner.get(f"{LIST}?person={key}").text).all("ul", class_="chips")[0]
    assert "User: owner@example.test" in chips.text


@pytest.mark.parametrize(
    "query", ["person=999", "record=products:999", "record=shoes:1", "kind=sing", "of=shoes"]
)
def test_unknown_filter_option_is_reported_and_ignored(query: str, viewer: FlaskClient, lamp: int) -> None:
    page = viewer.get(f"{LIST}?{query}")
    assert titles(page.text) == ["Created product “Oak Lamp”"]
    assert "This option no longer exists" in page.text


def test_record_filter_is_a_chip_that_can_be_removed(viewer: FlaskClient, lamp: int) -> None:
    page = read(viewer.get(f"{LIST}?record=products:1&kind=create").text)
    (chip, _) = page.all("a", class_="chip")
    assert chip.attributes["aria-label"] == "Remove filter Record: product “Oak Lamp”"
    assert chip.attributes["href"] == f"{LIST}?kind=create"
    form = page.all("form", class_="toolbar")[0].fields
    assert form.getlist("record") == ["products:1"]


def test_paging_shows_every_change_set_once(viewer: FlaskClient, write: Write) -> None:
    for number in range(23):
        write(lambda number=number: a_category(f"Shelf {number:02}"))
    url, seen = f"{LIST}?size=10", []
    while url:
        page = read(viewer.get(url).text)
        seen += titles(viewer.get(url).text)
        url = next((a.attributes["href"] for a in page.all("a", aria_label="Next page")), "")
    assert seen == [f"Created category “Shelf {number:02}”" for number in reversed(range(23))]


def test_empty_and_filtered_history_say_so(app: Flask, viewer: FlaskClient) -> None:
    empty = viewer.get(LIST).text  # viewers do not see the creation of their own account
    assert "No history yet" in empty
    assert "You can view but not add" not in empty
    filtered = viewer.get(f"{LIST}?kind=erase").text
    assert "No changes match" in filtered
    assert "No results for this search and these filters." in filtered


def test_columns_of_the_list_can_be_chosen(viewer: FlaskClient, lamp: int) -> None:
    page = read(viewer.get(f"{LIST}?column=what&column=changes&column=origin").text)
    assert [head.text for head in page.all("thead")[0].all("th")] == ["What", "Changes", "Source"]
    assert cells(page) == ["1", "Command line"]
    (chooser,) = [form for form in page.all("form", class_="toolbar") if form.all("ol")]
    labels = [box.text for box in chooser.all("label")]
    assert labels == ["Changes", "Source", "When", "Who"]


def test_history_has_no_bulk_or_create_tools(viewer: FlaskClient, lamp: int) -> None:
    page = read(viewer.get(LIST).text)
    assert not page.all("input", name="rowid")
    assert not page.all("form", method="post", action="/admin/history/action/")
    assert not [link for link in page.all("a") if link.text.startswith(("New", "Export"))]


# One change set.


def test_change_set_shows_facts_and_fields_before_and_after(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    key = write(change(price=Decimal("13.5"), status="draft"), note="Spring sale")
    page = details(viewer, key)
    assert page.all("h1")[0].text == "Edited product “Oak Lamp”"
    facts, details_of_it = [each.text for each in page.all("dl", class_="facts")]
    assert str(key) in page.all("details")[0].text
    assert f"Change no. {key}" in details_of_it
    assert "Change no." not in facts
    for said in ("Command line", "Spring sale"):
        assert said in facts
    assert diffs(page) == [("Price", "12.50 EUR → 13.50 EUR"), ("Status", "Active → Draft")]
    assert [(d.text, i.text) for d, i in zip(page.all("del"), page.all("ins"), strict=True)] == [
        ("12.50 EUR", "13.50 EUR"),
        ("Active", "Draft"),
    ]
    assert page.all("h3")[0].all("a")[0].attributes["href"] == "/admin/products/details/?id=1"


def test_created_and_deleted_records_are_shown_with_all_values(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    made = write(lambda: a_product("Elm Lamp", description="Made of elm."))
    shown = dict(diffs(details(viewer, made)))
    assert (shown["Price"], shown["Stock"], shown["Description"]) == ("12.50 EUR", "7", "Made of elm.")
    assert "Category" not in shown  # it had no category
    page = details(viewer, write(lambda: trash_products([1])))
    assert dict(diffs(page))["Price"] == "12.50 EUR"
    assert page.all("h3")[0].text == "Deleted product “Oak Lamp”"
    assert not page.all("h3")[0].all("a")


def test_price_is_shown_in_its_currency_at_that_time(viewer: FlaskClient, lamp: int, write: Write) -> None:
    first = write(change(price=Decimal(20)))
    both = write(change(price=Decimal(3000), currency="JPY"))
    last = write(change(price=Decimal(4000)))
    write(lambda: trash_products([1]))
    assert diffs(details(viewer, first)) == [("Price", "12.50 EUR → 20.00 EUR")]
    assert diffs(details(viewer, both)) == [("Price", "20.00 EUR → 3,000 JPY"), ("Currency", "EUR → JPY")]
    assert diffs(details(viewer, last)) == [("Price", "3,000 JPY → 4,000 JPY")]


def test_category_is_named_while_it_exists(app: Flask, viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(lambda: a_category("Lamps"))
    key = write(change(category_id=1))
    assert diffs(details(viewer, key)) == [("Category", "not set → Lamps")]
    write(change(category_id=None))
    write(lambda: db.session.delete(db.session.get_one(Category, 1)))
    assert diffs(details(viewer, key)) == [("Category", "not set → category no. 1, deleted")]


def test_long_text_is_compared_word_by_word(viewer: FlaskClient, lamp: int, write: Write) -> None:
    page = details(viewer, write(change(description="Made of solid elm.")))
    assert [d.text for d in page.all("del")] == ["oak"]
    assert [i.text for i in page.all("ins")] == ["solid elm"]
    assert diffs(page) == [("Description", "Made of oak solid elm .")]
    page = details(viewer, write(change(description="")))
    assert diffs(page) == [("Description", "Made of solid elm. → empty")]


def test_values_of_former_fields_and_options_are_still_shown(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    fields = {"status": ("retired", "draft"), "pieces": (7, 3)}
    key = write(lambda: record(db.session, [Entry("products", lamp, Action.CHANGE, 2, fields)]))
    assert diffs(details(viewer, key)) == [("Status", "Retired → Draft"), ("pieces", "7 → 3")]


def test_change_set_links_to_sets_it_reverts_and_is_reverted_by(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    done = write(change(stock=1))
    undone = write(change(stock=7), kind=ChangeKind.UNDO, reverts_id=done)
    assert f"Reverted by Change no. {undone}" in details(viewer, done).text
    page = details(viewer, undone)
    assert f"Reverts Change no. {done}" in page.text
    assert page.all("h1")[0].text == "Undid changes of product “Oak Lamp”"


def test_many_changes_are_shown_in_pages(viewer: FlaskClient, write: Write) -> None:
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


# The source of a change.

WAYS = {
    "new/": (Origin.FORM, ChangeKind.CREATE),
    "edit/?id=1": (Origin.FORM, ChangeKind.EDIT),
    "cell/": (Origin.LIST, ChangeKind.EDIT),
    "action/": (Origin.BULK, ChangeKind.EDIT),
    "delete/?id=1": (Origin.FORM, ChangeKind.DELETE),
}


@pytest.mark.parametrize(("path", "said"), WAYS.items(), ids=WAYS)
def test_history_records_form_list_and_bulk_as_source(
    path: str, said: tuple[Origin, ChangeKind], app: Flask, editor: FlaskClient, lamp: int, submit: Submit
) -> None:
    listed = editor.get("/admin/products/").text
    if path in ("new/", "edit/?id=1", "delete/?id=1"):
        sent = {**record_form(editor.get(f"/admin/products/{path}").text), "name": "Ash", "sku": "ASH"}
        sent |= {"price": "3", "stock": "3"}
    elif path == "cell/":
        (table,) = read(listed).all("table", class_="records")
        sent = {"id": "1", "field": "stock", "value": "3", "version": table.attributes["data-versions"]}
    else:
        question = submit(editor, "/admin/products/action/", action="archived", rowid="1")
        sent = record_form(question.text).to_dict()
    assert submit(editor, f"/admin/products/{path}", **sent).status_code in (200, 303)
    with app.app_context():
        last = change_sets()[-1]
        assert (last.origin, last.kind) == said
