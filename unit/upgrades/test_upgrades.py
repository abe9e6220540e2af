"""A console in use goes on after an upgrade: links, views, log-ins and the history are unchanged."""

from decimal import Decimal
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from dashboard.accounts import drafts
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.extensions import db
from dashboard.search.keys import sort_key
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form, row_titles
from unit.conftest import Submit
from unit.upgrades.old_consoles import Upgraded, assert_whole, only_0014, only_0016


def test_logged_in_users_stay_logged_in(upgraded: Upgraded) -> None:
    assert "owner@example.test" in upgraded.browser().get("/profile").text
    with upgraded.app.test_client() as other:
        with other.session_transaction() as session:
            session["_user_id"] = upgraded.known["editor_token"]
        assert "editor@example.test" in other.get("/profile").text


def test_old_links_lead_to_the_same_records(upgraded: Upgraded) -> None:
    browser, known = upgraded.browser(), upgraded.known
    assert "Éclair Lamp, renamed" in browser.get(f"/admin/products/details/?id={known['renamed']}").text
    assert browser.get(f"/admin/trash/details/?id={known['trashed']}").status_code == 200
    assert browser.get(f"/admin/products/details/?id={known['purged']}").status_code == 404
    assert "Éclair Lamp, renamed" in browser.get("/admin/products/?q=eclair").text


def test_saved_view_shows_its_list(upgraded: Upgraded) -> None:
    browser = upgraded.browser()
    links = read(browser.get("/admin/products/").text).all("a")
    [address] = [link.attributes["href"] for link in links if link.text == "Cheapest active"]
    with upgraded.app.app_context():
        cheapest = select(Product.name).where(Product.status == ProductStatus.ACTIVE)
        names = db.session.scalars(cheapest.order_by(Product.price, Product.id).limit(25)).all()
    page = browser.get(address).text
    assert "Cheapest active" in page
    assert row_titles(page) == names
    assert len(names) == 25


def test_old_names_are_sorted_and_found(upgraded: Upgraded) -> None:
    browser = upgraded.browser()
    names = row_titles(browser.get("/admin/products/?sort=name&size=100").text)
    assert names == sorted(names, key=sort_key)
    assert len(names) == 100
    for path in ("trash/?sort=name", "categories/?sort=name", "users/?sort=email"):
        titles = row_titles(browser.get(f"/admin/{path}").text)
        assert titles == sorted(titles, key=sort_key)
        for title in titles:
            found = browser.get(f"/admin/{path}&{urlencode({'q': title.upper()})}").text
            assert title in row_titles(found)


def test_history_is_whole_and_stays_whole(upgraded: Upgraded, submit: Submit) -> None:
    assert_whole(upgraded)
    browser, known = upgraded.browser(), upgraded.known
    address = f"/admin/products/edit/?id={known['renamed']}"
    form = {**record_form(browser.get(address).text).to_dict(), "name": "Renamed again"}
    assert is_redirect(submit(browser, address, **form))
    restore = f"/admin/trash/restore/?id={known['trashed']}"
    question = record_form(browser.get(restore).text).to_dict()
    assert is_redirect(submit(browser, restore, **question))
    assert browser.get(f"/admin/products/details/?id={known['trashed']}").status_code == 200
    assert_whole(upgraded)
    assert "Renamed again" in browser.get(f"/admin/products/history/?id={known['renamed']}").text


def test_old_changes_are_found_by_their_fields(upgraded: Upgraded) -> None:
    page = upgraded.browser().get("/admin/history/?field=products:name&kind=edit").text
    assert "Éclair Lamp, renamed" in page
    assert "Created product" not in page


@only_0014
@pytest.mark.parametrize("which", ["twin_skus", "joined", "soft"])
def test_record_that_new_rules_refuse_can_still_be_edited(
    upgraded: Upgraded, submit: Submit, which: str
) -> None:
    browser, keys = upgraded.browser(), upgraded.known[which]
    for key in keys if isinstance(keys, list) else [keys]:
        address = f"/admin/products/edit/?id={key}"
        form = {**record_form(browser.get(address).text).to_dict(), "price": "7.25"}
        assert is_redirect(submit(browser, address, **form))
        after = record_form(browser.get(address).text).to_dict()
        assert {name: after[name] for name in ("sku", "name", "price")}.items() <= form.items()
    assert_whole(upgraded)


@only_0016
def test_old_draft_fills_in_its_form(upgraded: Upgraded) -> None:
    known = upgraded.known
    form = f"/admin/products/edit/?id={known['renamed']}&{drafts.PARAMETER}={known['draft']}"
    assert "Typed before the upgrade" in upgraded.browser().get(form).text


@only_0014
def test_old_categories_that_look_alike_stay(upgraded: Upgraded) -> None:
    browser = upgraded.browser()
    for key in upgraded.known["twin_categories"]:
        assert browser.get(f"/admin/categories/details/?id={key}").status_code == 200
    titles = row_titles(browser.get("/admin/categories/?size=100").text)
    alike = [title for title in titles if "rden" in title and title != "Garden"]
    assert len(alike) == len(upgraded.known["twin_categories"])


@only_0014
def test_password_hashed_in_decomposed_unicode_logs_in(upgraded: Upgraded, submit: Submit) -> None:
    browser = upgraded.app.test_client()
    password = upgraded.known["decomposed_password"]
    assert is_redirect(submit(browser, "/login", email="decomposed@example.test", password=password))
    assert "decomposed@example.test" in browser.get("/profile").text


def test_old_view_can_be_renamed(upgraded: Upgraded, submit: Submit) -> None:
    browser = upgraded.browser()
    address = f"/admin/products/views/edit/?id={upgraded.known['view']}"
    form = record_form(browser.get(address).text).to_dict()
    assert form["name"] == "Cheapest active"
    assert is_redirect(submit(browser, address, **{**form, "name": "Bargains"}))
    page = read(browser.get("/admin/products/").text)
    assert [len([a for a in page.all("a") if a.text == name]) for name in ("Bargains", form["name"])] == [
        1,
        0,
    ]


@pytest.mark.parametrize("revision", ["0031"], indirect=True)
def test_prices_changed_before_the_upgrade_are_found_and_set_back(upgraded: Upgraded, submit: Submit) -> None:
    browser, (one, several) = upgraded.browser(), upgraded.known["edited_by_0031"]
    page = browser.get("/admin/history/?field=products:price&kind=edit")
    assert {"19.90", "21.50"} <= {word for word in page.text.replace(">", " ").split() if word[:1].isdigit()}
    details = read(browser.get(f"/admin/products/details/?id={several}").text)
    backs = [a.attributes["href"] for a in details.all("a") if "/set-back/" in a.attributes["href"]]
    [back] = [address for address in backs if "field=price" in address]
    question = browser.get(back)
    fields = record_form(question.text).to_dict()
    assert is_redirect(submit(browser, back.partition("?")[0], **fields))
    with upgraded.app.app_context():
        found = db.session.execute(
            select(Product.price, Product.price_key).where(Product.id.in_([one, several]))
        )
        assert {price: bool(key) for price, key in found} == {Decimal("19.90"): True, Decimal("12.50"): True}
    assert_whole(upgraded)


@pytest.mark.parametrize("revision", ["0034"], indirect=True)
def test_reasons_given_before_the_upgrade_stay_with_their_changes(upgraded: Upgraded) -> None:
    browser, (named, counted) = upgraded.browser(), upgraded.known["reasoned"]
    for key, words in ((named, "The supplier renamed it."), (counted, "Counted again.")):
        assert words in browser.get(f"/admin/products/history/?id={key}").text
        assert words in browser.get("/admin/history/?kind=edit").text


@pytest.mark.parametrize("revision", ["0034"], indirect=True)
def test_views_kept_before_the_upgrade_show_what_they_did(upgraded: Upgraded) -> None:
    browser = upgraded.browser()
    links = {a.text: a.attributes["href"] for a in read(browser.get("/admin/products/").text).all("a")}
    lamps = browser.get(links["New lamps"]).text
    chips = [a.attributes["aria-label"] for a in read(lamps).all("a", class_="chip")]
    assert [chip.removeprefix("Remove filter ") for chip in chips] == [
        "Search: lamp",
        "Status: Draft",
        "Status: Active",
        "Created: Last 30 days",
    ]
    drafts_page = read(browser.get(links["Dear drafts"]).text)
    heads = [head.text for head in drafts_page.all("th", scope="col")]
    assert heads[1:-1] == ["Name", "Price", "Last changed UTC"]
    for page in (lamps, browser.get(links["Dear drafts"]).text):
        assert "Save changes" not in page
