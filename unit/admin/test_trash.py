"""The trash as a screen: who sees it, what leads there, and what it takes to delete for good."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product, find_trashed, in_trash, products
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import sweep
from unit.admin.ledger import diffs, whats
from unit.admin.reading import flashes, read, record_form, row_titles
from unit.conftest import ClientAs, CountQueries, MakeApp, SetClock, Submit

TRASH = "/admin/trash/"


@pytest.fixture
def trashed(app: Flask) -> int:
    """The number in the trash of a product called Oak Lamp."""
    with app.app_context():
        key = in_trash("Oak Lamp", sku="OL-1", description="Warm light", stock=1234).id
        db.session.commit()
    return key


@pytest.fixture
def product(app: Flask, trashed: int) -> int:
    """The number that it had before."""
    with app.app_context():
        key = int(db.session.get_one(Trashed, trashed).record_key)
    assert key != trashed
    return key


def names(app: Flask, model: type[Product | Trashed]) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Product.name if model is Product else Trashed.title)))


def test_the_page_of_a_record_shows_what_it_held_when_it_was_deleted(
    client_as: ClientAs, trashed: int
) -> None:
    page = read(client_as("editor").get(f"{TRASH}details/?id={trashed}").text)
    terms = [term.text for term in page.all("dt")]
    facts = dict(zip(terms, [each.text for each in page.all("dd")], strict=True))
    assert facts["Deleted"].endswith("UTC")
    assert {name: facts[name] for name in ("SKU", "Status", "Category", "Price", "Stock", "Deleted by")} == {
        "SKU": "OL-1",
        "Status": "Active",
        "Category": "—",
        "Price": "12.50 EUR",
        "Stock": "1,234",
        "Deleted by": "—",
    }
    assert "Created" in facts
    assert "Warm light" in page.text


def test_the_list_tells_kinds_apart_and_is_filtered_by_them(client_as: ClientAs, trashed: int) -> None:
    page = client_as("editor").get(f"{TRASH}?kind=products&q=ol-1&sort=-code").text
    assert row_titles(page) == ["Oak Lamp"]
    assert [cell.text for cell in read(page).all("td", data_label="Type")] == ["Product"]
    assert "This option no longer exists" in client_as("editor").get(f"{TRASH}?kind=users").text


def test_what_a_record_holds_is_neither_searched_nor_listed(client_as: ClientAs, trashed: int) -> None:
    editor = client_as("editor")
    assert "Warm light" not in editor.get(TRASH).text
    assert row_titles(editor.get(f"{TRASH}?q=warm").text) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (30, "Deleted products stay here for 30 days. Restore them at any time before then."),
        (1, "Deleted products stay here for 1 day. Restore them at any time before then."),
        (0, "Deleted products stay here until an owner deletes them permanently."),
    ],
)
def test_an_empty_trash_says_what_it_is_for(
    make_app: MakeApp, sign_in: object, days: int, words: str
) -> None:
    client = make_app(trash_days=days).test_client()
    sign_in(client, "editor")  # type: ignore[operator]
    page = client.get(TRASH).text
    assert "Trash is empty" in page
    assert words in page
    assert "may look but not add" not in page


def test_editors_see_what_was_deleted(client_as: ClientAs, trashed: int) -> None:
    assert row_titles(client_as("editor").get(TRASH).text) == ["Oak Lamp"]
    assert "In the trash" in client_as("editor").get(f"{TRASH}details/?id={trashed}").text


def test_viewers_do_not(client_as: ClientAs, trashed: int) -> None:
    for path in (TRASH, f"{TRASH}details/?id={trashed}", f"{TRASH}restore/?id={trashed}"):
        assert client_as("viewer").get(path).status_code == 403


def test_what_is_in_the_trash_is_in_no_list_export_or_search(client_as: ClientAs, trashed: int) -> None:
    editor = client_as("editor")
    for path in (
        "/admin/products/",
        "/admin/products/export/csv/",
        "/admin/palette/?q=oak",
        "/admin/products/?q=oak",
    ):
        assert "OL-1" not in editor.get(path).text


def test_a_product_is_restored(app: Flask, client_as: ClientAs, submit: Submit, trashed: int) -> None:
    editor = client_as("editor")
    assert "Restore Oak Lamp?" in editor.get(f"{TRASH}restore/?id={trashed}").text
    assert names(app, Trashed) == ["Oak Lamp"]
    submit(editor, f"{TRASH}restore/", id=trashed)
    assert flashes(editor.get(TRASH).text) == [("success", "Product “Oak Lamp” restored.")]
    assert (names(app, Trashed), names(app, Product)) == ([], ["Oak Lamp"])
    assert submit(editor, f"{TRASH}restore/", id=trashed).status_code == 404


def test_products_are_restored_together(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    with app.app_context():
        trash_products([row.id for row in products(3)])
        db.session.commit()
    editor = client_as("editor")
    submit(editor, f"{TRASH}action/", action="restore", confirm="1", matching="", number="3")
    assert flashes(editor.get(TRASH).text) == [("success", "3 products restored.")]
    assert len(names(app, Product)) == 3


def test_a_taken_sku_is_told_and_nothing_is_restored(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int
) -> None:
    with app.app_context():
        a_product("Other", sku="OL-1")
        db.session.commit()
    editor = client_as("editor")
    submit(editor, f"{TRASH}restore/", id=trashed)
    ((category, message),) = flashes(editor.get(TRASH).text)
    assert (category, "OL-1" in message) == ("error", True)
    assert names(app, Trashed) == ["Oak Lamp"]


@pytest.mark.parametrize("page", ["details", "edit", "delete"])
def test_links_to_it_say_where_it_is(client_as: ClientAs, trashed: int, product: int, page: str) -> None:
    editor = client_as("editor")
    answer = editor.get(f"/admin/products/{page}/?id={product}")
    assert answer.headers["Location"] == f"{TRASH}details/?id={trashed}"
    assert flashes(editor.get(answer.headers["Location"]).text) == [
        ("warning", "Product “Oak Lamp” is in the trash.")
    ]


def test_those_who_may_not_restore_it_are_told_who_can(client_as: ClientAs, product: int) -> None:
    answer = client_as("viewer").get(f"/admin/products/details/?id={product}")
    assert answer.status_code == 404
    assert "“Oak Lamp” is in the trash. An editor can bring it back." in answer.text


def test_only_an_owner_deletes_for_good(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int
) -> None:
    for role in ("viewer", "editor", "admin"):
        answer = submit(client_as(role), f"{TRASH}purge/", id=trashed, typed="Oak Lamp")
        assert answer.status_code == 403
    assert "Delete permanently" not in client_as("admin").get(f"{TRASH}details/?id={trashed}").text
    owner = client_as("owner")
    submit(owner, f"{TRASH}purge/", id=trashed, typed=" Oak  Lamp ")
    assert flashes(owner.get(TRASH).text) == [("success", "Product “Oak Lamp” permanently deleted.")]
    assert names(app, Trashed) == []


def test_the_history_names_what_was_deleted_for_good(
    client_as: ClientAs, submit: Submit, trashed: int, product: int
) -> None:
    owner = client_as("owner")
    submit(owner, f"{TRASH}purge/", id=trashed, typed="Oak Lamp")
    assert whats(owner)[0] == "Purged product “Oak Lamp”"
    timeline = read(owner.get(f"/admin/products/history/?id={product}").text)
    assert timeline.all("h1")[0].text == "History of product “Oak Lamp”"
    assert timeline.all("h2")[0].text == "Deleted for good"
    assert diffs(timeline)[0] == ("Name", "Oak Lamp")


def test_the_history_names_what_time_deleted_for_good(
    app: Flask, client_as: ClientAs, trashed: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=31))
    with app.app_context():
        sweep(30)
    assert whats(client_as("viewer"))[0] == "Purged product “Oak Lamp”"


@pytest.mark.parametrize("typed", ["", "oak lamp", "Oak Lamp 2", "Oak", "Lamp", "Oak Lam", "Lamp Oak"])
def test_the_name_has_to_be_typed_and_what_was_typed_is_kept(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int, typed: str
) -> None:
    answer = submit(client_as("owner"), f"{TRASH}purge/", id=trashed, typed=typed)
    assert "This is not the name. Nothing was done." in answer.text
    assert f'value="{typed}"' in answer.text
    assert names(app, Trashed) == ["Oak Lamp"]


def test_without_a_name_nothing_is_deleted_for_good(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int
) -> None:
    assert "Type “Oak Lamp” to go on" in submit(client_as("owner"), f"{TRASH}purge/", id=trashed).text
    assert names(app, Trashed) == ["Oak Lamp"]


@pytest.mark.parametrize("path", ["new/", "edit/?id={}", "delete/?id={}", "export/csv/"])
def test_nothing_is_made_edited_or_exported_there(client_as: ClientAs, trashed: int, path: str) -> None:
    assert client_as("owner").get(TRASH + path.format(trashed)).status_code == 404


def test_what_lay_there_for_too_long_is_not_shown_and_not_restored(
    client_as: ClientAs, submit: Submit, trashed: int, product: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=31))
    editor = client_as("editor")
    assert row_titles(editor.get(TRASH).text) == []
    assert submit(editor, f"{TRASH}restore/", id=trashed).status_code == 404
    assert editor.get(f"/admin/products/details/?id={product}").status_code == 404


def test_nothing_that_a_user_does_sweeps_it(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=31))
    with app.app_context():
        key = a_product("Elm Chair").id
        db.session.commit()
    editor = client_as("editor")
    submit(editor, "/admin/products/delete/", id=key)
    assert names(app, Trashed) == ["Oak Lamp", "Elm Chair"]
    assert row_titles(editor.get(TRASH).text) == ["Elm Chair"]


def test_where_nothing_ever_goes_everything_can_be_restored(
    make_app: MakeApp, sign_in: object, trashed: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=4000))
    client = make_app(trash_days=0).test_client()
    sign_in(client, "editor")  # type: ignore[operator]
    assert row_titles(client.get(TRASH).text) == ["Oak Lamp"]


def test_the_list_asks_as_much_for_many_as_for_few(
    app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    editor: FlaskClient = client_as("editor")
    taken = []
    for more in (2, 20):
        with app.app_context():
            trash_products([row.id for row in products(more)])
            db.session.commit()
        with count_queries() as statements:
            editor.get(TRASH)
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 6


def test_what_was_typed_into_a_form_of_what_was_deleted_meanwhile_is_kept_and_leads_to_the_trash(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    editor = client_as("editor")
    form = record_form(editor.get(f"/admin/products/edit/?id={key}").text)
    submit(client_as("admin"), "/admin/products/delete/", id=key)
    answer = editor.post(f"/admin/products/edit/?id={key}", data={**form, "name": "Typed by me"})
    assert answer.status_code == 404
    assert "Typed by me" in answer.text
    with app.app_context():
        assert f"{TRASH}details/?id={find_trashed(key).id}" in answer.text


def test_a_form_that_was_open_while_its_record_was_deleted_and_brought_back_is_merged(
    app: Flask, client_as: ClientAs
) -> None:
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    editor = client_as("editor")
    form = record_form(editor.get(f"/admin/products/edit/?id={key}").text)
    with app.app_context():
        trash_products([key])
        db.session.commit()
        restore_products([key])
        db.session.commit()
    answer = editor.post(f"/admin/products/edit/?id={key}", data={**form, "name": "Typed by me"})
    assert answer.status_code == 409
    saved = editor.post(f"/admin/products/edit/?id={key}", data=record_form(answer.text))
    assert is_redirect(saved)
    assert names(app, Product) == ["Typed by me"]
