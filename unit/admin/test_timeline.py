"""The history of one record."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.ledger import LIST, Write, change, diffs
from unit.admin.reading import read


@pytest.mark.parametrize("screen", ["products", "categories", "users"])
def test_record_has_a_timeline_and_its_page_shows_the_newest(
    screen: str, app: Flask, owner: FlaskClient, write: Write
) -> None:
    makers: dict[str, Callable[[], Any]] = {
        "products": a_product,
        "categories": a_category,
        "users": an_account,
    }
    models = {"products": Product, "categories": Category, "users": User}
    with app.app_context():
        key = makers[screen]().id
        db.session.commit()
    for number in range(4):
        write(lambda number=number: setattr(db.session.get(models[screen], key), "name", f"Name {number}"))
    page = read(owner.get(f"/admin/{screen}/details/?id={key}").text)
    (section,) = [s for s in page.all("section") if s.attributes.get("aria-labelledby") == "history-title"]
    assert [item.all("a")[0].text for item in section.all("li")] == ["Edited"] * 3
    assert "Name Name 2 → Name 3 Set back to Name 2" in section.all("li")[0].text
    (more,) = [a for a in section.all("a") if a.text == "All history"]
    page = read(owner.get(more.attributes["href"]).text)
    events = [event.text for event in page.all("ol", class_="timeline")[0].all("h2")]
    assert events == ["Edited"] * 4 + ["Created"]
    assert diffs(page)[0] == ("Name", "Name 2 → Name 3 Set back to Name 2")


def test_deleted_record_still_has_its_timeline(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(lambda: trash_products([1]))
    page = read(viewer.get("/admin/products/history/?id=1").text)
    assert page.all("h1")[0].text == "History of product “Oak Lamp”"
    assert "This product was deleted. Its history is kept." in page.text
    assert viewer.get("/admin/products/details/?id=1").status_code == 404


@pytest.mark.parametrize("number", ["", "0", "2", "-1", "1.0", "x", "²", "2147483648", "9" * 40])
def test_unknown_record_and_change_set_are_404(number: str, owner: FlaskClient, lamp: int) -> None:
    for path in ("/admin/products/history/", "/admin/categories/history/"):
        assert owner.get(path, query_string={"id": number}).status_code == 404
    if number != "2":
        assert owner.get(f"{LIST}details/", query_string={"id": number}).status_code == 404


def test_long_timeline_is_paged_from_newest_to_oldest(viewer: FlaskClient, lamp: int, write: Write) -> None:
    for number in range(100, 130):
        write(change(stock=number))
    page = read(viewer.get("/admin/products/history/?id=1").text)
    assert diffs(page)[0] == ("Stock", "128 → 129")
    assert not page.all("a", rel="prev")
    older = read(viewer.get(page.all("a", rel="next")[0].attributes["href"]).text)
    assert diffs(older)[0] == ("Stock", "103 → 104")
    newer = read(viewer.get(older.all("a", rel="prev")[0].attributes["href"]).text)
    assert diffs(newer) == diffs(page)


NEWEST = "128 → 129"


@pytest.mark.parametrize(
    ("place", "first"),
    [
        ("after=1", "122 → 123"),  # beyond the oldest change: the 25 oldest, with the creation
        ("before=999999", NEWEST),
        (f"after={'9' * 18}", NEWEST),
        ("after=-1", NEWEST),
        ("before=x", NEWEST),
        ("after=&before=", NEWEST),
    ],
)
def test_place_without_changes_shows_that_end_of_the_timeline(
    viewer: FlaskClient, lamp: int, write: Write, place: str, first: str
) -> None:
    for number in range(100, 130):
        write(change(stock=number))
    answer = viewer.get(f"/admin/products/history/?id=1&{place}")
    assert answer.status_code == 200
    assert diffs(read(answer.text))[0] == ("Stock", first)


def test_saved_links_of_a_timeline_show_changes_beside_their_place(
    app: Flask, viewer: FlaskClient, lamp: int, write: Write
) -> None:
    for number in range(100, 110):
        write(change(stock=number))
    with app.app_context():
        keys = list(db.session.scalars(select(Change.id).order_by(Change.id.desc())))
    address = "/admin/products/history/?id=1"
    after = diffs(read(viewer.get(f"{address}&after={keys[3]}").text))
    assert after[0] == ("Stock", "104 → 105")
    before = diffs(read(viewer.get(f"{address}&before={keys[3]}").text))
    assert before == [("Stock", "108 → 109"), ("Stock", "107 → 108"), ("Stock", "106 → 107")]
    both = diffs(read(viewer.get(f"{address}&before={keys[3]}&after={keys[3]}").text))
    assert both == after


def test_every_page_of_a_timeline_links_back_to_the_same_list(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    for number in range(100, 130):
        write(change(stock=number))
    page = read(
        viewer.get("/admin/products/history/", query_string={"id": 1, "next": "/admin/products/?q=oak"}).text
    )
    older = read(viewer.get(page.all("a", rel="next")[0].attributes["href"]).text)
    assert older.all("a", href="/admin/products/?q=oak")
