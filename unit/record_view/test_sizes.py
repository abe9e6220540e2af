"""How many rows a page of a list has."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, row_titles
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country
from unit.record_view.stored import COUNTRIES

NUMBER = 40


def countries(console: With, **attributes: Any) -> FlaskClient:
    """A viewer's browser at a console with forty countries, whose view has these attributes."""
    view: type[RecordView] = type("CountryView", (RecordView,), attributes)
    app = console(lambda: view(Country))
    with app.app_context():
        db.session.add_all([Country(code=f"c{number:02}", name=f"C{number:02}") for number in range(NUMBER)])
        db.session.commit()
    return logged_in(app, "viewer")


def sizes(client: FlaskClient, query: str = "") -> tuple[int, list[str]]:
    """The number of rows that are shown, and the numbers to choose from."""
    page = client.get(f"{COUNTRIES}/{query}").text
    offered = read(page).all("nav", **{"aria-label": "Rows per page"})
    return len(row_titles(page)), [link.text for nav in offered for link in nav.all("a")]


def test_page_has_the_declared_size_and_offers_the_declared_ones(console: With) -> None:
    client = countries(console, page_size=7, page_size_options=(5, 30))
    assert sizes(client) == (7, ["5", "7", "30"])
    assert sizes(client, "?size=30") == (30, ["5", "7", "30"])
    assert sizes(client) == (30, ["5", "7", "30"])  # it was chosen last
    assert sizes(client, "?size=25") == (30, ["5", "7", "30"])


def test_size_that_cannot_be_set_stays(console: With) -> None:
    client = countries(console, page_size=7, can_set_page_size=False)
    assert sizes(client, "?size=25") == (7, [])


def test_size_of_another_list_is_not_taken_over(console: With) -> None:
    client = countries(console, page_size=7, page_size_options=(30,))
    client.set_cookie("page_size", "100")
    assert sizes(client)[0] == 7
    client.set_cookie("page_size", "30")
    assert sizes(client)[0] == 30


def test_address_of_the_usual_size_does_not_name_it(console: With) -> None:
    page = countries(console, page_size=7).get(f"{COUNTRIES}/").text
    [link] = [each for each in read(page).all("a") if each.attributes.get("aria-label") == "Next page"]
    assert "size" not in link.attributes["href"]


@pytest.mark.parametrize(
    ("attributes", "line"),
    [
        ({"page_size": 0}, "CountryView.page_size names 0. Use numbers from 1 to 500."),
        ({"page_size": "20"}, "CountryView.page_size names '20'. Use numbers from 1 to 500."),
        ({"page_size": True}, "CountryView.page_size names True. Use numbers from 1 to 500."),
        (
            {"page_size_options": [10, 1000]},
            "CountryView.page_size_options names 1000. Use numbers from 1 to 500.",
        ),
    ],
)
def test_sizes_that_cannot_be_are_refused(context: Flask, attributes: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match=f"^{line}$"):
        type("CountryView", (RecordView,), attributes)(Country)
