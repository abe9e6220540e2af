"""Filters by columns of other records, named as Flask-Admin names them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, row_titles
from unit.record_view.conftest import Guarded, Secretive, With, logged_in
from unit.record_view.kinds import Country, Post, Supplier, Tag
from unit.record_view.path_kinds import CONTRACTS, Contract, ContractView, filled

pytestmark = pytest.mark.both_databases


@pytest.fixture
def contracts(console: With) -> Flask:
    """A console with contracts of suppliers in countries."""
    return filled(
        console(lambda: ContractView(Contract), lambda: RecordView(Supplier), lambda: RecordView(Country))
    )


@pytest.fixture
def viewer(contracts: Flask) -> FlaskClient:
    """A browser of a viewer."""
    return logged_in(contracts, "viewer")


def numbers(client: FlaskClient, query: str = "") -> dict[str, str]:
    """The numbers beside the options of a list's filters, by filter and option."""
    found = {}
    for group in read(client.get(f"{CONTRACTS}/{query}").text).all("fieldset"):
        for option in group.all("div", class_="option"):
            number = option.all("span", class_="muted")
            label = f"{group.all('legend')[0].text}: {option.all('label')[0].text}"
            found[label] = number[0].text if number else ""
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("supplier.city=bonn", ["A", "B"]),
        ("supplier.city=zzz", []),
        ("supplier.active=no", ["C"]),
        ("supplier.active=none", ["D"]),
        ("supplier.active=none&supplier.active=no", ["C", "D"]),
        ("supplier.grade=none", ["C", "D"]),
        ("supplier.grade=FIRST", ["A", "B"]),
        ("supplier.rating_min=4", ["A", "B"]),
        ("supplier.rating_max=3", ["C"]),
        ("supplier.since_from=2026-01-01&supplier.since_to=2026-01-01", ["A", "B"]),
        ("supplier.country.name=germ", ["A", "B"]),
        ("supplier.country=de", ["A", "B"]),
        ("supplier.country=none", ["C", "D"]),
        ("supplier.country=de&supplier.country=none", ["A", "B", "C", "D"]),
        ("supplier.parent.name=oak", ["C"]),
        ("marks.name=bl", ["A", "C"]),
        ("marks.name=r", ["A", "B"]),
        ("supplier.city=bonn&marks.name=bl&supplier.rating_min=4", ["A"]),
        ("supplier.since=today", []),
        ("supplier.since=today&supplier.since_is=empty", ["C", "D"]),
        ("supplier.since_is=filled", ["A", "B"]),
        ("supplier.rating_is=empty", ["D"]),
        ("supplier.rating_min=4&supplier.rating_is=empty", ["A", "B", "D"]),
        ("supplier.country.name_is=empty", ["C", "D"]),
        ("supplier.country.name_is=filled", ["A", "B"]),
        ("marks.name_is=empty", ["D"]),
        ("marks.name=r&marks.name_is=empty", ["A", "B", "D"]),
    ],
)
def test_list_is_filtered_by_columns_of_others(viewer: FlaskClient, query: str, found: list[str]) -> None:
    assert row_titles(viewer.get(f"{CONTRACTS}/?{query}").text) == found


def test_options_of_others_have_numbers(viewer: FlaskClient) -> None:
    found = numbers(viewer)
    assert found["Supplier active: Yes"] == "2"
    assert found["Supplier active: No"] == "1"
    assert found["Supplier active: Is empty"] == "1"
    assert found["Supplier country: Germany"] == "2"
    assert numbers(viewer, "?supplier.city=bonn")["Supplier active: No"] == "0"
    assert numbers(viewer, "?supplier.active=no")["Supplier country: Is empty"] == "1"


def test_row_stands_once_though_many_of_its_records_fit(viewer: FlaskClient) -> None:
    html = viewer.get(f"{CONTRACTS}/?marks.name=e").text
    assert row_titles(html) == ["A", "B", "C"]
    assert "1\N{EN DASH}3 of 3" in html or "3 contracts" in html


def test_filter_has_a_label_of_its_own(viewer: FlaskClient) -> None:
    html = viewer.get(f"{CONTRACTS}/?supplier.city=bonn&marks.name=bl").text
    assert "Remove filter Town: contains bonn" in html
    assert "Remove filter Marks name: contains bl" in html


def test_days_of_others_have_presets(viewer: FlaskClient) -> None:
    page = read(viewer.get(f"{CONTRACTS}/?supplier.since=last-week&supplier.since_is=empty").text)
    [presets] = [
        each for each in page.all("ul", class_="presets") if "since" in each.attributes["aria-label"]
    ]
    links = {link.text: link.attributes for link in presets.all("a")}
    assert links["Last week"].get("aria-current") == "true"
    assert links["Today"]["href"] == f"{CONTRACTS}/?supplier.since=today&supplier.since_is=empty"


@pytest.mark.parametrize(
    "query",
    [
        "supplier.active=%00",
        "supplier.active=maybe",
        "supplier.country=%00",
        "supplier.country=1%27%20OR%201",
        "supplier.rating_min=x",
        "supplier.rating_min=1e999",
        "supplier.since_from=9999-12-31",
        "supplier.since_from=0000-00-00",
        "supplier.since=tomorrow",
        "supplier.city_is=odd",
    ],
)
def test_value_that_is_none_is_told_and_ignored(viewer: FlaskClient, query: str) -> None:
    answer = viewer.get(f"{CONTRACTS}/?{query}")
    assert answer.status_code == 200
    assert "flash warning" in answer.text
    assert row_titles(answer.text) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    "query", ["supplier.city=%00", "supplier.city=%25", "marks.name=%ff%fe", "supplier=x"]
)
def test_hostile_text_is_no_error(viewer: FlaskClient, query: str) -> None:
    assert viewer.get(f"{CONTRACTS}/?{query}").status_code == 200


def test_pages_of_a_filtered_list_have_each_row_once(contracts: Flask, viewer: FlaskClient) -> None:
    with contracts.app_context():
        db.session.add_all([Contract(name=f"N{number:02}", supplier_id=1) for number in range(40)])
        db.session.add_all([Contract(name=f"X{number:02}") for number in range(9)])
        db.session.commit()
    seen, address = list[str](), f"{CONTRACTS}/?supplier.country.name=germ&size=10&sort=name"
    while address:
        html = viewer.get(address).text
        seen += row_titles(html)
        links = read(html).all("a", **{"aria-label": "Next page"})
        address = links[0].attributes["href"] if links else ""
    assert seen == ["A", "B", *(f"N{number:02}" for number in range(40))]


def test_column_of_a_class_stands_for_the_relationship_to_it(console: With) -> None:
    class View(RecordView):
        column_filters = (Country.name,)

    app = filled(console(lambda: View(Supplier), lambda: RecordView(Country)))
    html = logged_in(app, "viewer").get("/admin/own_suppliers/?country.name=germ").text
    assert row_titles(html) == ["Oak"]


def test_filter_is_hidden_from_those_who_may_not_see_the_records(console: With) -> None:
    app = filled(
        console(lambda: ContractView(Contract), lambda: Secretive(Supplier), lambda: RecordView(Country))
    )
    html = logged_in(app, "viewer").get(f"{CONTRACTS}/").text
    assert "supplier.city" not in html
    assert "supplier.since" not in html
    html = logged_in(app, "viewer").get(f"{CONTRACTS}/?supplier.city_is=filled").text
    assert row_titles(html) == ["A", "B", "C", "D"]
    assert "This option no longer exists and was ignored." in html
    html = logged_in(app, "viewer").get(f"{CONTRACTS}/?supplier.city=bonn").text
    assert row_titles(html) == ["A", "B", "C", "D"]
    assert "This option no longer exists and was ignored." in html
    assert row_titles(logged_in(app, "admin").get(f"{CONTRACTS}/?supplier.city=bonn").text) == ["A", "B"]


def test_records_outside_the_scope_are_not_told_by_filters(console: With) -> None:
    app = filled(
        console(lambda: ContractView(Contract), lambda: Guarded(Supplier), lambda: RecordView(Country))
    )
    owner = logged_in(app, "owner")
    assert row_titles(owner.get(f"{CONTRACTS}/?supplier.active=no").text) == []
    assert row_titles(owner.get(f"{CONTRACTS}/?supplier.active=none").text) == ["C", "D"]
    assert row_titles(owner.get(f"{CONTRACTS}/?supplier.city=koeln").text) == []
    assert row_titles(owner.get(f"{CONTRACTS}/?supplier.city_is=empty").text) == ["C", "D"]
    assert row_titles(owner.get(f"{CONTRACTS}/?supplier.city_is=filled").text) == ["A", "B"]
    assert row_titles(owner.get(f"{CONTRACTS}/?supplier.parent.name=oak").text) == []
    assert numbers(owner)["Supplier active: Is empty"] == "2"


def test_list_of_its_own_class_with_a_scope_is_filtered_through_itself(console: With) -> None:
    class View(Guarded):
        column_filters = ("parent.city", "parent.active")

    app = filled(console(lambda: View(Supplier), lambda: RecordView(Country)))
    owner = logged_in(app, "owner")
    with app.app_context():
        db.session.get(Supplier, 2).active = True
        db.session.commit()
    assert row_titles(owner.get("/admin/own_suppliers/?parent.city=bonn").text) == ["Elm"]
    assert row_titles(owner.get("/admin/own_suppliers/?parent.active=none").text) == ["Oak"]


def test_file_and_actions_obey_the_filter(contracts: Flask) -> None:
    editor = logged_in(contracts, "editor")
    lines = editor.get(f"{CONTRACTS}/export/csv/?supplier.city=bonn").text.splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["A", "B"]


def test_one_of_many_is_filtered_by_its_columns(console: With) -> None:
    class View(RecordView):
        column_filters = ("posts.title", "posts")

    def fill(app: Flask) -> Flask:
        with app.app_context():
            blue, red = Tag(name="Blue"), Tag(name="Red")
            db.session.add_all([Post(title="First", tags=[blue, red]), Post(title="Last", tags=[blue])])
            db.session.commit()
        return app

    app: Any = fill(console(lambda: View(Tag), lambda: RecordView(Post)))
    viewer = logged_in(app, "viewer")
    assert row_titles(viewer.get("/admin/own_tags/?posts.title=first").text) == ["Red", "Blue"]
    assert row_titles(viewer.get("/admin/own_tags/?posts.title=last").text) == ["Blue"]
