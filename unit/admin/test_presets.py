"""Settings of date filters that are often wanted, as links in the filters of a list."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from unit.admin.reading import read, row_titles
from unit.conftest import ClientAs, SetClock


@pytest.fixture(autouse=True)
def _late_in_march(app: Flask, set_clock: SetClock) -> None:
    """A late evening in March, and one product."""
    with app.app_context():
        a_product("Oak Lamp", stock=3)
        db.session.commit()
    set_clock(datetime(2027, 3, 10, 23, 30, tzinfo=UTC))


def presets(client: FlaskClient, address: str) -> dict[str, list[tuple[str, str]]]:
    """The parameters of each preset of the list at an address."""
    links = read(client.get(address).text).all("ul", class_="presets")[0].all("a")
    return {link.text: parse_qsl(urlsplit(link.attributes["href"]).query) for link in links}


DAYS = {
    "Today": ("2027-03-10", "2027-03-10"),
    "Yesterday": ("2027-03-09", "2027-03-09"),
    "Last 7 days": ("2027-03-04", "2027-03-10"),
    "Last 30 days": ("2027-02-09", "2027-03-10"),
    "This week": ("2027-03-08", "2027-03-10"),
    "Last week": ("2027-03-01", "2027-03-07"),
    "This month": ("2027-03-01", "2027-03-10"),
    "Last month": ("2027-02-01", "2027-02-28"),
}


def names(client: FlaskClient, query: str) -> list[str]:
    """The products in a list."""
    return row_titles(client.get(f"/admin/products/?{query}").text)


def marked(client: FlaskClient, query: str) -> list[str]:
    """The presets that are marked as chosen."""
    links = read(client.get(f"/admin/products/?{query}").text).all("ul", class_="presets")[0].all("a")
    return [link.text for link in links if "aria-current" in link.attributes]


def test_presets_are_kept_by_their_names(viewer: FlaskClient) -> None:
    found = presets(viewer, "/admin/products/")
    assert [*found] == [*DAYS]
    assert found["Last 7 days"] == [("created", "last-7-days")]


@pytest.mark.both_databases
@pytest.mark.parametrize("label", DAYS)
def test_preset_has_the_rows_of_its_days(app: Flask, viewer: FlaskClient, label: str) -> None:
    first, last = map(date.fromisoformat, DAYS[label])
    noon = time(12, tzinfo=UTC)
    with app.app_context():
        for day in {first - timedelta(days=1), first, last, last + timedelta(days=1)}:
            a_product(str(day), sku=f"D-{day}-{first}", created_at=datetime.combine(day, noon))
        db.session.commit()
    [(name, text)] = presets(viewer, "/admin/products/")[label]
    asked = names(viewer, urlencode({name: text, "q": f"-{first}", "sort": "name"}))
    days = urlencode({"created_from": first, "created_to": last, "q": f"-{first}", "sort": "name"})
    assert asked == names(viewer, days) == sorted({str(first), str(last)})


def test_preset_moves_with_the_days(app: Flask, client_as: ClientAs, set_clock: SetClock) -> None:
    with app.app_context():
        a_product("Elm Lamp", created_at=datetime(2027, 3, 10, 12, tzinfo=UTC))
        db.session.commit()
    assert names(client_as("viewer"), "created=yesterday") == []
    set_clock(datetime(2027, 3, 11, 1, tzinfo=UTC))
    assert names(client_as("viewer"), "created=yesterday") == ["Elm Lamp"]


def test_preset_keeps_the_search_and_the_other_filters(viewer: FlaskClient) -> None:
    found = presets(viewer, "/admin/products/?q=lamp&stock=low&created_from=2020-01-01")
    assert found["Today"] == [("q", "lamp"), ("stock", "low"), ("created", "today")]


def test_chosen_preset_is_marked_and_read_in_its_chip(viewer: FlaskClient) -> None:
    assert marked(viewer, "created=last-week") == ["Last week"]
    page = read(viewer.get("/admin/products/?created=last-week").text)
    assert "Created: Last week" in page.all("ul", class_="chips")[0].text
    assert marked(viewer, "created_from=2027-03-10&created_to=2027-03-10") == []


def test_form_of_the_filters_keeps_the_preset(viewer: FlaskClient) -> None:
    page = read(viewer.get("/admin/products/?created=today").text)
    form = next(each for each in page.all("form") if each.all("input", name="created_from"))
    [field] = form.all("input", name="created")
    assert (field.attributes["type"], field.attributes["value"]) == ("hidden", "today")


def test_typed_days_replace_the_preset(viewer: FlaskClient) -> None:
    page = read(viewer.get("/admin/products/?created=today&created_from=2027-01-01").text)
    chips = page.all("ul", class_="chips")[0].text
    assert ("from 2027-01-01" in chips, "Today" in chips) == (True, False)


@pytest.mark.parametrize("text", ["tomorrow", "Today", "last-8-days", "x" * 5000])
def test_unknown_preset_is_told_and_ignored(viewer: FlaskClient, text: str) -> None:
    page = viewer.get(f"/admin/products/?created={text}").text
    assert "Created: This option no longer exists and was ignored." in read(page).text
    assert row_titles(page) == ["Oak Lamp"]


def test_day_of_a_preset_is_that_of_the_person(app: Flask, client_as: ClientAs) -> None:
    with app.app_context():
        a_product("Late", created_at=datetime(2027, 3, 10, 23, 10, tzinfo=UTC))
        db.session.commit()
    berlin = client_as("viewer")
    berlin.set_cookie("zone", "Europe/Berlin")
    assert names(berlin, "q=late&created=today") == ["Late"]
    assert names(berlin, "q=late&created=yesterday") == []
    york = client_as("viewer")
    york.set_cookie("zone", "America/New_York")
    assert names(york, "q=late&created=today") == ["Late"]


def test_saved_view_keeps_the_preset(client_as: ClientAs) -> None:
    editor = client_as("editor")
    address = "/admin/products/?created=last-7-days"
    page = read(editor.get(f"/admin/products/views/new/?next={quote(address)}").text)
    assert "Last 7 days" in page.text
    form = {"name": "Fresh", "csrf_token": page.all("input", name="csrf_token")[0].attributes["value"]}
    saved = editor.post(f"/admin/products/views/new/?next={quote(address)}", data=form)
    assert "created=last-7-days" in saved.location


def test_what_is_asked_of_all_rows_has_the_days_that_were_seen(app: Flask, client_as: ClientAs) -> None:
    with app.app_context():
        for number in range(11):
            a_product(f"Lamp {number}", sku=f"L-{number}", created_at=datetime(2027, 3, 10, tzinfo=UTC))
        db.session.commit()
    page = read(client_as("editor").get("/admin/products/?created=today&size=10").text)
    [box] = page.all("input", name="matching")
    assert box.attributes["value"] == "created_from=2027-03-10&created_to=2027-03-10"
