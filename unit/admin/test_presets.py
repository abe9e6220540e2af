"""Settings of date filters that are often wanted, as links in the filters of a list."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from dashboard.testing.markup import read
from unit.conftest import SetClock


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


def test_presets_are_whole_days_up_to_today(viewer: FlaskClient) -> None:
    found = presets(viewer, "/admin/products/")

    assert found["Today"] == [("created_from", "2027-03-10"), ("created_to", "2027-03-10")]
    assert found["Last 7 days"] == [("created_from", "2027-03-04"), ("created_to", "2027-03-10")]
    assert found["Last 30 days"] == [("created_from", "2027-02-09"), ("created_to", "2027-03-10")]
    assert found["This month"] == [("created_from", "2027-03-01"), ("created_to", "2027-03-10")]
    assert found["Last month"] == [("created_from", "2027-02-01"), ("created_to", "2027-02-28")]


def test_preset_keeps_the_search_and_the_other_filters(viewer: FlaskClient) -> None:
    found = presets(viewer, "/admin/products/?q=lamp&stock=low&created_from=2020-01-01")

    assert found["Today"] == [
        ("q", "lamp"),
        ("stock", "low"),
        ("created_from", "2027-03-10"),
        ("created_to", "2027-03-10"),
    ]


def test_chosen_preset_is_marked(viewer: FlaskClient) -> None:
    page = read(viewer.get("/admin/products/?created_from=2027-03-10&created_to=2027-03-10").text)
    links = page.all("ul", class_="presets")[0].all("a")

    assert [link.text for link in links if "aria-current" in link.attributes] == ["Today"]
