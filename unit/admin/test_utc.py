"""Dates and times are in the zone of the person, else in UTC; every place in UTC says so."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from unit.admin.conftest import Make
from unit.admin.reading import Element, read, record_form
from unit.conftest import ClientAs, SetClock, Submit
from unit.surface import addresses, links

NOW = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)  # the next day in Auckland
LISTS = {"products": "created", "categories": "created", "users": "created", "trash": "deleted"}


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    set_clock(NOW)


def moments(element: Element, label: str = "") -> Iterator[tuple[Element, str]]:
    """Every moment below an element, with the label of the cell that it stands in."""
    for child in element.children:
        if isinstance(child, Element):
            within = child.attributes.get("data-label", label)
            if child.tag == "time":
                yield child, within
            yield from moments(child, within)


def test_every_moment_on_every_page_says_utc(
    app: Flask, client_as: ClientAs, make: Make, submit: Submit
) -> None:
    owner = client_as("owner")
    for screen in ("products", "categories", "users"):
        make(screen)
    submit(owner, "/admin/products/delete/", id=str(make("products")), seen="99")
    pages = {*addresses(app, "GET"), "/profile"}
    pages |= {link for page in ("/admin/", "/admin/trash/") for link in links(owner.get(page).text)}
    found = {page: [*moments(read(owner.get(page).text))] for page in pages}
    for page, shown in found.items():
        for moment, label in shown:
            assert moment.attributes["datetime"].endswith("+00:00"), page
            assert "UTC" in moment.text + label + moment.attributes.get("title", ""), page
    assert sum(map(bool, found.values())) > 15


@pytest.mark.parametrize(("screen", "column"), LISTS.items())
def test_the_head_of_a_column_of_days_says_utc(
    screen: str, column: str, client_as: ClientAs, make: Make, submit: Submit
) -> None:
    owner = client_as("owner")
    key = make("products" if screen == "trash" else screen)
    if screen == "trash":
        submit(owner, "/admin/products/delete/", id=str(key), seen="99")
    page = read(owner.get(f"/admin/{screen}/").text)
    assert f"{column.capitalize()} UTC" in [head.text for head in page.all("thead")[0].all("th")]
    cell = page.all("tbody")[0].all("td", data_label=f"{column.capitalize()} (UTC)")[0]
    assert cell.text == "27 Nov 2026"


@pytest.mark.parametrize(("screen", "name"), [*LISTS.items(), ("history", "when")])
def test_a_filter_by_day_says_utc_and_which_day_it_is_there(
    screen: str, name: str, client_as: ClientAs, make: Make, submit: Submit
) -> None:
    owner = client_as("owner")
    submit(owner, "/admin/categories/new/", name="Lamps")
    make("products")
    submit(owner, "/admin/products/delete/", id=str(make("products")), seen="99")
    page = read(owner.get(f"/admin/{screen}/?{name}_from=2026-11-28").text)
    (hint,) = page.all("p", id=f"facet-{name}-hint")
    assert hint.text == "Days in UTC; today is 27 Nov 2026."
    inputs = [page.all("input", id=f"facet-{name}_{end}")[0] for end in ("from", "to")]
    assert [each.attributes["aria-describedby"] for each in inputs] == [hint.attributes["id"]] * 2
    assert "from 2026-11-28 UTC" in page.all("ul", class_="chips")[0].text


def test_an_input_of_a_day_names_its_error_beside_the_hint(client_as: ClientAs, make: Make) -> None:
    make("products")
    page = read(client_as("owner").get("/admin/products/?created_from=today").text)
    (day,) = page.all("input", id="facet-created_from")
    assert day.attributes["aria-describedby"] == "facet-created-hint facet-created_from-error"


def test_the_hint_follows_the_clock(client_as: ClientAs, make: Make, set_clock: SetClock) -> None:
    make("products")
    owner = client_as("owner")
    owner.get("/admin/products/")
    set_clock(datetime(2026, 11, 28, 0, 0, tzinfo=UTC))
    assert "today is 28 Nov 2026." in owner.get("/admin/products/").text


def test_how_long_ago_it_was_says_the_moment_too(client_as: ClientAs, make: Make) -> None:
    editor, admin = client_as("editor"), client_as("admin")
    edit = f"/admin/products/edit/?id={make('products')}"
    mine, theirs = (record_form(one.get(edit).text) for one in (editor, admin))
    admin.post(edit, data={**theirs, "name": "Theirs"})
    page = read(editor.post(edit, data={**mine, "name": "Mine"}).text)
    (moment,) = {each.attributes.get("title"): each for each in page.all("time")}.values()
    assert (moment.text, moment.attributes["title"]) == ("just now", "27 Nov 2026, 23:30 UTC")


def test_the_chart_of_weeks_says_where_they_begin(client_as: ClientAs, make: Make) -> None:
    make("products")
    assert "Weeks start on Monday (UTC)." in client_as("viewer").get("/admin/").text


# In the zone of the person.


@pytest.fixture
def berlin(client_as: ClientAs) -> FlaskClient:
    """The browser of an owner in Berlin, where it is the next day."""
    owner = client_as("owner")
    owner.set_cookie("browser_zone", "Europe/Berlin")
    return owner


def test_every_moment_on_every_page_is_in_the_zone_and_exact_on_hover(
    app: Flask, berlin: FlaskClient, make: Make, submit: Submit
) -> None:
    for screen in ("products", "categories", "users"):
        make(screen)
    submit(berlin, "/admin/products/delete/", id=str(make("products")), seen="99")
    pages = {*addresses(app, "GET"), "/profile"}
    pages |= {link for page in ("/admin/", "/admin/trash/") for link in links(berlin.get(page).text)}
    number = 0
    for page in pages:
        for moment, label in moments(read(berlin.get(page).text)):
            number += 1
            assert moment.attributes["datetime"].endswith("+00:00"), page
            assert moment.attributes["title"].endswith(" UTC"), page
            assert "UTC" not in moment.text + label, page
            if moment.attributes["title"] == "27 Nov 2026, 23:30 UTC":
                assert moment.text in ("28 Nov 2026", "28 Nov 2026, 00:30", "just now"), page
    assert number > 15


@pytest.mark.parametrize(("screen", "column"), LISTS.items())
def test_head_of_a_column_of_days_in_the_zone_says_no_utc(
    screen: str, column: str, berlin: FlaskClient, make: Make, submit: Submit
) -> None:
    key = make("products" if screen == "trash" else screen)
    if screen == "trash":
        submit(berlin, "/admin/products/delete/", id=str(key), seen="99")
    page = read(berlin.get(f"/admin/{screen}/").text)
    assert column.capitalize() in [head.text for head in page.all("thead")[0].all("th")]
    (moment,) = page.all("tbody")[0].all("td", data_label=column.capitalize())[0].all("time")
    assert (moment.text, moment.attributes["title"]) == ("28 Nov 2026", "27 Nov 2026, 23:30 UTC")


def test_pages_of_two_zones_share_nothing(berlin: FlaskClient, client_as: ClientAs, make: Make) -> None:
    make("products")
    utc = client_as("viewer")
    for _ in range(2):
        for client, head, day in ((berlin, "Created", "28 Nov 2026"), (utc, "Created UTC", "27 Nov 2026")):
            page = read(client.get("/admin/products/").text)
            assert head in [each.text for each in page.all("thead")[0].all("th")]
            assert f"today is {day}." in page.all("p", id="facet-created-hint")[0].text
