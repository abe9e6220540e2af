"""Filters by day mean the day of the person, also where it has 23 or 25 hours."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from dashboard.testing.markup import read
from unit.conftest import ClientAs, SetClock

pytestmark = pytest.mark.both_databases
# Berlin: the day of spring runs from 23:00 to 22:00 UTC, the one of autumn from 22:00 to 23:00.
CREATED = {
    "Before spring": "2026-03-28 22:59:59.999999",
    "Spring begins": "2026-03-28 23:00:00",
    "Spring ends": "2026-03-29 21:59:59.999999",
    "After spring": "2026-03-29 22:00:00",
    "Before autumn": "2026-10-24 21:59:59.999999",
    "Autumn begins": "2026-10-24 22:00:00",
    "First half past two": "2026-10-25 00:30:00",
    "Second half past two": "2026-10-25 01:30:00",
    "Autumn ends": "2026-10-25 22:59:59.999999",
    "After autumn": "2026-10-25 23:00:00",
}


@pytest.fixture
def made(app: Flask) -> None:
    """Products that were created around two days of Berlin."""
    with app.app_context():
        for number, (name, at) in enumerate(CREATED.items()):
            a_product(name, sku=f"D-{number}", created_at=datetime.fromisoformat(at).replace(tzinfo=UTC))
        db.session.commit()


def found(client: FlaskClient, query: str) -> set[str]:
    """The names of the products in a list."""
    page = read(client.get(f"/admin/products/?size=100&{query}").text)
    return {row.all("th")[0].text for row in page.all("tbody")[0].all("tr")}


@pytest.fixture
def berlin(client_as: ClientAs) -> FlaskClient:
    """A browser in Berlin."""
    client = client_as("viewer")
    client.set_cookie("browser_zone", "Europe/Berlin")
    return client


@pytest.mark.usefixtures("made")
def test_day_on_which_clocks_go_forward_has_23_hours(berlin: FlaskClient) -> None:
    query = "created_from=2026-03-29&created_to=2026-03-29"
    assert found(berlin, query) == {"Spring begins", "Spring ends"}


@pytest.mark.usefixtures("made")
def test_day_on_which_clocks_go_back_has_25_hours(berlin: FlaskClient) -> None:
    query = "created_from=2026-10-25&created_to=2026-10-25"
    halves = {"First half past two", "Second half past two"}
    assert found(berlin, query) == {"Autumn begins", *halves, "Autumn ends"}


@pytest.mark.usefixtures("made")
def test_one_address_means_the_day_of_whoever_looks(berlin: FlaskClient, client_as: ClientAs) -> None:
    query = "created_from=2026-03-29&created_to=2026-03-29"
    utc, tokyo = client_as("viewer"), client_as("viewer")
    tokyo.set_cookie("zone", "Asia/Tokyo")
    for _ in range(2):  # nothing of one is kept for the other
        assert found(berlin, query) == {"Spring begins", "Spring ends"}
        assert found(utc, query) == {"Spring ends", "After spring"}
        assert found(tokyo, query) == {"Before spring", "Spring begins"}


@pytest.mark.usefixtures("made")
def test_chip_and_hint_say_the_zone(berlin: FlaskClient, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 11, 27, 23, 30, tzinfo=UTC))
    page = read(berlin.get("/admin/products/?created_from=2026-11-28").text)
    (hint,) = page.all("p", id="facet-created-hint")
    assert hint.text == "Days in Europe/Berlin; today is 28 Nov 2026."
    chip = page.all("ul", class_="chips")[0].text
    assert "from 2026-11-28" in chip
    assert "UTC" not in chip


@pytest.mark.usefixtures("made")
def test_today_is_the_day_of_the_person(berlin: FlaskClient, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
    page = read(berlin.get("/admin/products/").text)
    links = page.all("ul", class_="presets")[0].all("a")
    today = {link.text: link.attributes["href"] for link in links}["Today"]
    assert found(berlin, urlsplit(today).query) == {"Spring begins", "Spring ends"}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_have_an_answer(client_as: ClientAs, zone: str, day: str) -> None:
    client = client_as("viewer")
    client.set_cookie("zone", zone)
    for end in ("from", "to"):
        assert client.get(f"/admin/products/?created_{end}={day}").status_code == 200


@pytest.mark.usefixtures("made")
def test_home_counts_weeks_of_the_person(berlin: FlaskClient, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 4, 1, 12, tzinfo=UTC))
    home = berlin.get("/admin/").text
    assert "Weeks start on Monday." in home
    # The week of Monday, 23 March ends with the last moment of spring's day: three products, of which the
    # first is from before that day.
    address = "/admin/products/?created_from=2026-03-23&amp;created_to=2026-03-29"
    assert address in home
    assert len(found(berlin, "created_from=2026-03-23&created_to=2026-03-29")) == 3
