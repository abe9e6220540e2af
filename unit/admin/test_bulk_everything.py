"""Bulk actions on every record of a list: its query is sent, and never its rows."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.admin.screens.products import ProductView
from dashboard.catalogue.models import Category, ProductStatus
from dashboard.extensions import db
from dashboard.listing.tuning import Tuning
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product
from unit.admin.conftest import Count, Fill, Make, Stored
from unit.admin.everything import ACTION, offer, question, statuses, told, versions
from unit.admin.reading import read, record_form
from unit.conftest import ClientAs, Submit
from unit.racing import LONG_AGO

LISTS = ("products", "categories", "users")


# The offer.


def count_up_to(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the list of products count at most so many rows exactly."""
    listing = replace(ProductView.listing, tuning=Tuning(exact_count_limit=rows))
    monkeypatch.setattr(ProductView, "listing", listing)


@pytest.mark.parametrize("screen", LISTS)
def test_list_longer_than_a_page_offers_everything_that_matches(
    screen: str, owner: FlaskClient, fill: Fill
) -> None:
    fill(screen, 10)
    address = f"/admin/{screen}/?q=lamp&size=10"
    assert offer(owner.get(address).text) is None
    fill(screen, 1, "Lampion")
    box = offer(owner.get(address).text)
    assert box is not None
    noun = {"products": "products", "categories": "categories", "users": "accounts"}[screen]
    assert box.attributes["data-words"] == f"all 11 {noun} that match"
    assert box.attributes["value"] == "q=lamp"


def test_offer_of_a_list_without_filters_does_not_mention_a_match(owner: FlaskClient, fill: Fill) -> None:
    fill("products", 11)
    box = offer(owner.get("/admin/products/?size=10&sort=-price").text)
    assert box is not None
    assert box.attributes["data-words"] == "all 11 products"
    assert box.attributes["value"] == "sort=-price"


def test_offer_of_an_estimated_list_says_about(
    owner: FlaskClient, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill("products", 30)
    count_up_to(5, monkeypatch)
    box = offer(owner.get("/admin/products/?stock=in&size=10").text)
    assert box is not None
    assert box.attributes["data-words"] == "all (about 30 products) that match"


def test_viewer_is_not_offered_everything(client_as: ClientAs, fill: Fill) -> None:
    fill("products", 11)
    assert offer(client_as("viewer").get("/admin/products/?size=10").text) is None
    assert offer(client_as("editor").get("/admin/products/?size=10").text) is not None


@pytest.mark.parametrize(("others", "offered"), [(10, None), (11, "all 11 accounts")])
def test_offer_leaves_out_the_own_account(
    others: int, offered: str | None, owner: FlaskClient, fill: Fill
) -> None:
    fill("users", others)
    box = offer(owner.get("/admin/users/?size=10&sort=created").text)
    own_page = offer(owner.get("/admin/users/?size=10&sort=-created").text)
    if offered is None:
        # The page that shows oneself has only nine others; the one that does not shows all.
        assert own_page is None
        assert box is not None
        assert box.attributes["data-words"] == "all 10 accounts"
    else:
        assert box is not None
        assert own_page is not None
        assert box.attributes["data-words"] == own_page.attributes["data-words"] == offered


# The question.


def test_question_counts_exactly_and_names_the_first_of_the_list(
    owner: FlaskClient, fill: Fill, submit: Submit
) -> None:
    fill("products", 23)
    fill("products", 4, "Chair")
    page = submit(owner, ACTION, action="archived", matching="q=lamp&sort=-name").text
    assert read(page).all("h1")[0].text == "Archive 23 products?"
    named = [item.text for item in read(page).all(class_="names")[0].all("li")]
    assert named == [*(f"Lamp {place:02}" for place in range(23, 3, -1)), "and 3 more"]


def test_question_sends_the_query_and_the_number_but_no_ids(
    owner: FlaskClient, fill: Fill, submit: Submit
) -> None:
    fill("products", 12)
    form = question(owner, submit, "draft", "q=lamp&status=active")
    assert form["matching"] == "q=lamp&status=active"
    assert form["number"] == "12"
    assert "rowid" not in form


def test_question_counts_exactly_where_the_list_estimates(
    owner: FlaskClient, fill: Fill, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill("products", 17)
    fill("products", 2, "Chair")
    count_up_to(5, monkeypatch)
    assert question(owner, submit, "draft", "q=lamp&stock=in")["number"] == "17"


def test_everything_that_matches_overrides_picked_rows(
    owner: FlaskClient, fill: Fill, make: Make, submit: Submit
) -> None:
    fill("products", 12)
    other = make("products", "Chair")
    answer = submit(owner, ACTION, action="draft", matching="q=lamp", rowid=[str(other)])
    assert record_form(answer.text)["number"] == "12"


# The action.


@pytest.mark.both_databases
@pytest.mark.usefixtures("slices")
@pytest.mark.parametrize("query", ["q=lamp", "q=lamp&status=active", "q=lamp&price_min=1&sort=-category"])
def test_status_is_set_for_everything_that_matches_and_nothing_else(
    query: str, owner: FlaskClient, fill: Fill, submit: Submit, app: Flask
) -> None:
    fill("products", 11)
    fill("products", 4, "Chair")
    assert is_redirect(owner.post(ACTION, data=question(owner, submit, "archived", query)))
    assert told(owner) == [("success", "11 products archived.")]
    for name, status in statuses(app).items():
        assert status == ("archived" if name.startswith("Lamp") else "active")


@pytest.mark.both_databases
@pytest.mark.usefixtures("slices")
def test_filtered_products_are_changed_once_and_dated(
    owner: FlaskClient, fill: Fill, submit: Submit, app: Flask, make: Make, stored: Stored
) -> None:
    fill("products", 7)
    there = make("products", "Archived lamp", status=ProductStatus.ARCHIVED, updated_at=LONG_AGO)
    owner.post(ACTION, data=question(owner, submit, "archived", ""))
    assert told(owner) == [("success", "7 products archived, 1 already was.")]
    changed = versions(app)
    assert changed.pop("Archived lamp") == 1
    assert set(changed.values()) == {2}
    assert stored("products", there)["updated_at"] == LONG_AGO
    assert all(stored("products", key)["updated_at"] > LONG_AGO for key in range(1, 8))


@pytest.mark.both_databases
@pytest.mark.usefixtures("slices")
@pytest.mark.parametrize("few", [5000, 2], ids=["counted", "estimated"])
def test_everything_that_matches_is_deleted_and_nothing_else(
    few: int, owner: FlaskClient, fill: Fill, submit: Submit, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_up_to(few, monkeypatch)
    fill("products", 11)
    fill("products", 4, "Chair")
    owner.post(ACTION, data=question(owner, submit, "delete", "q=lamp"))
    assert told(owner) == [("success", "11 products deleted.")]
    assert count("products") == 4


@pytest.mark.both_databases
@pytest.mark.usefixtures("slices")
def test_all_empty_categories_are_deleted(
    owner: FlaskClient, fill: Fill, submit: Submit, count: Count
) -> None:
    fill("categories", 11)
    fill("categories", 2, "Shelf")
    data = question(owner, submit, "delete", "q=lamp", "categories")
    owner.post("/admin/categories/action/", data=data)
    assert told(owner, "categories") == [("success", "11 categories deleted.")]
    assert count("categories") == 2


@pytest.mark.both_databases
@pytest.mark.usefixtures("slices")
def test_one_category_with_products_stops_the_deletion_of_all(
    owner: FlaskClient, fill: Fill, submit: Submit, count: Count, app: Flask
) -> None:
    fill("categories", 11)
    with app.app_context():
        a_product(category=db.session.scalars(select(Category).where(Category.name == "Lamp 11")).one())
        db.session.commit()
    data = question(owner, submit, "delete", "", "categories")
    owner.post("/admin/categories/action/", data=data)
    assert told(owner, "categories") == [
        ("error", "“Lamp 11” still holds 1 product. Move or delete them first.")
    ]
    assert count("categories") == 11


@pytest.mark.both_databases
@pytest.mark.usefixtures("slices")
def test_every_account_but_the_own_is_deactivated_reactivated_and_deleted(
    owner: FlaskClient, fill: Fill, submit: Submit, app: Flask
) -> None:
    fill("users", 11)
    for action, left in (("deactivate", {"owner@example.test"}), ("reactivate", None), ("delete", None)):
        form = question(owner, submit, action, "", "users")
        assert form["number"] == "11"
        owner.post("/admin/users/action/", data=form)
        assert told(owner, "users") == [("success", f"11 accounts {action}d.")]
        with app.app_context():
            active = set(db.session.scalars(select(User.email).where(User.active)))
        assert left is None or active == left
    assert active == {"owner@example.test"}


def test_message_about_a_single_account_has_its_email(owner: FlaskClient, fill: Fill, submit: Submit) -> None:
    fill("users", 2)
    owner.post("/admin/users/action/", data=question(owner, submit, "deactivate", "q=lamp01", "users"))
    assert told(owner, "users") == [("success", "Account lamp01@example.test deactivated.")]


def test_everything_that_an_admin_selects_leaves_out_owners(
    client_as: ClientAs, fill: Fill, make: Make, submit: Submit, stored: Stored, count: Count
) -> None:
    boss = make("users", "owner")
    fill("users", 3)
    admin = client_as("admin")
    form = question(admin, submit, "delete", "", "users")
    assert form["number"] == "3"
    admin.post("/admin/users/action/", data=form)
    assert stored("users", boss)
    assert count("users") == 2


def test_action_on_everything_returns_to_the_filtered_list(
    owner: FlaskClient, fill: Fill, submit: Submit
) -> None:
    fill("products", 12)
    back = "/admin/products/?q=lamp&size=10&page=2"
    form = record_form(submit(owner, ACTION, action="draft", matching="q=lamp", next=back).text)
    assert owner.post(ACTION, data=form).location == back
