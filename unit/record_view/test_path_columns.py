"""Columns of other records in lists, files and on pages, in their order and in the search."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, row_titles
from unit.record_view.conftest import Guarded, Secretive, With, logged_in
from unit.record_view.declared import declared
from unit.record_view.kinds import Country, Post, Supplier
from unit.record_view.path_kinds import CONTRACTS, Contract, ContractView, Mark, filled

pytestmark = pytest.mark.both_databases


BLANK = "\N{EM DASH}"


class Reaching(ContractView):
    """Contracts with columns of their suppliers and of the countries of these."""

    column_list = (
        "name",
        "supplier.city",
        Supplier.rating,
        "supplier.country.name",
        "supplier",
        "supplier.country",
    )
    column_sortable_list = ("name", "supplier.city", "supplier.country.name", ("supplier", "supplier.rating"))
    column_searchable_list = ("name", "supplier.city", "marks.name")
    column_details_list = ("name", "supplier.city", "supplier.rating")
    column_export_list = ("name", "supplier.city", "supplier.active", "supplier.since")
    column_display_pk = False


def reaching(console: With, supplier: type[RecordView] = RecordView) -> Flask:
    return filled(
        console(lambda: Reaching(Contract), lambda: supplier(Supplier), lambda: RecordView(Country))
    )


def cells(html: str) -> list[list[str]]:
    """The texts of the rows of a list, but the boxes that select them."""
    body = read(html).all("tbody")[0]
    return [[cell.text for cell in row.all("td")[-5:]] for row in body.all("tr")]


def test_list_shows_columns_of_others(console: With) -> None:
    html = logged_in(reaching(console), "viewer").get(f"{CONTRACTS}/").text
    assert cells(html) == [
        ["Bonn", "4.5", "Germany", "Oak", "Germany"],
        ["Bonn", "4.5", "Germany", "Oak", "Germany"],
        ["Koeln", "2.0", BLANK, "Elm", BLANK],
        [BLANK] * 5,
    ]
    heads = [head.text for head in read(html).all("thead")[0].all("th")]
    assert heads[-5:] == ["Town", "Supplier rating", "Supplier country name", "Supplier", "Supplier country"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("supplier.city", ["A", "B", "C", "D"]),
        ("-supplier.city", ["C", "B", "A", "D"]),
        ("supplier.country.name", ["A", "B", "C", "D"]),
        ("-supplier.country.name", ["B", "A", "D", "C"]),
        ("supplier_id", ["C", "A", "B", "D"]),
        ("-supplier_id", ["B", "A", "C", "D"]),
    ],
)
def test_list_is_sorted_by_columns_of_others(console: With, sort: str, found: list[str]) -> None:
    viewer = logged_in(reaching(console), "viewer")
    assert row_titles(viewer.get(f"{CONTRACTS}/?sort={sort}").text) == found


@pytest.mark.parametrize("sort", ["supplier.city", "-supplier.country.name", "supplier_id"])
def test_walk_in_an_order_of_others_has_each_row_once(console: With, sort: str) -> None:
    app = reaching(console)
    with app.app_context():
        keys = (1, 2, None)
        db.session.add_all([Contract(name=f"N{each:02}", supplier_id=keys[each % 3]) for each in range(36)])
        db.session.commit()
    viewer = logged_in(app, "viewer")
    whole = row_titles(viewer.get(f"{CONTRACTS}/?size=100&sort={sort}").text)
    seen, address = list[str](), f"{CONTRACTS}/?size=10&sort={sort}"
    while address:
        html = viewer.get(address).text
        seen += row_titles(html)
        links = read(html).all("a", **{"aria-label": "Next page"})
        address = links[0].attributes["href"] if links else ""
    assert len(whole) == len(set(whole)) == 40
    assert seen == whole


@pytest.mark.parametrize(
    ("query", "found"),
    [("bonn", ["A", "B"]), ("blu", ["A", "C"]), ("a bonn", ["A"]), ("zzz", []), ("%25", [])],
)
def test_search_looks_in_columns_of_others(console: With, query: str, found: list[str]) -> None:
    viewer = logged_in(reaching(console), "viewer")
    assert row_titles(viewer.get(f"{CONTRACTS}/?q={query}").text) == found


def test_page_and_file_have_columns_of_others(console: With) -> None:
    editor = logged_in(reaching(console), "editor")
    facts = re.findall(r"<dt>([^<]+)</dt>\s*<dd[^>]*>([^<]+)", editor.get(f"{CONTRACTS}/details/?id=1").text)
    assert ("Town", "Bonn") in facts
    assert ("Supplier rating", "4.5") in facts
    rows = [*csv.reader(StringIO(editor.get(f"{CONTRACTS}/export/csv/?sort=name").text))]
    assert rows[0] == ["name", "supplier.city", "supplier.active", "supplier.since"]
    assert rows[1] == ["A", "Bonn", "True", "2026-01-01"]
    assert rows[-1] == ["D", "", "", ""]


def test_list_of_columns_of_others_takes_six_statements(console: With) -> None:
    app = reaching(console)
    viewer = logged_in(app, "viewer")
    address = f"{CONTRACTS}/?supplier.city=bonn&supplier.country=de&q=a&sort=name"
    viewer.get(address)
    asked: list[str] = []
    with app.app_context():
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        assert row_titles(viewer.get(address).text) == ["A"]
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len([each for each in asked if each.startswith(("SELECT", "WITH"))]) <= 6


class Plain(ContractView):
    """Contracts with columns of suppliers that not everyone sees, in no order of theirs."""

    column_list = ("name", "supplier.city")
    column_searchable_list = ("name", "supplier.city")
    column_export_list = ("name", "supplier.city")
    column_details_list = ("name", "supplier.city")


@pytest.mark.parametrize(("supplier", "role"), [(Secretive, "viewer"), (Secretive, "editor")])
def test_column_of_hidden_records_is_blank(console: With, supplier: type[RecordView], role: str) -> None:
    app = filled(console(lambda: Plain(Contract), lambda: supplier(Supplier)))
    hidden = logged_in(app, role)
    assert "Bonn" not in hidden.get(f"{CONTRACTS}/").text
    assert "Bonn" not in hidden.get(f"{CONTRACTS}/details/?id=1").text
    assert row_titles(hidden.get(f"{CONTRACTS}/?q=bonn").text) == []
    assert "Bonn" not in hidden.get(f"{CONTRACTS}/export/csv/").text
    assert "Bonn" in logged_in(app, "admin").get(f"{CONTRACTS}/").text


def test_column_of_records_outside_the_scope_is_blank(console: With) -> None:
    app = filled(console(lambda: Plain(Contract), lambda: Guarded(Supplier)))
    owner = logged_in(app, "owner")
    html = owner.get(f"{CONTRACTS}/").text
    assert "Bonn" in html
    assert "Koeln" not in html
    assert row_titles(owner.get(f"{CONTRACTS}/?q=koeln").text) == []


def test_order_by_hidden_records_stops_the_start(console: With) -> None:
    with pytest.raises(ValueError, match="Not every user may see these records"):
        reaching(console, Secretive)


@pytest.mark.parametrize(
    ("model", "attribute", "given", "line"),
    [
        (
            Contract,
            "column_filters",
            "supplier.api_key",
            "names supplier.api_key. Supplier.api_key is secret.",
        ),
        (Contract, "column_list", "supplier.api_key", "names supplier.api_key. Supplier.api_key is secret."),
        (Contract, "column_list", "marks.name", "names marks.name, which has many values. Name marks."),
        (Contract, "column_filters", "supplier.logo", "names supplier.logo, whose type has no filter."),
        (Contract, "column_filters", "supplier.nme", "names supplier.nme, which is no column of Contract."),
        (
            Contract,
            "column_filters",
            Post.title,
            "names Post.title. No relationship of Contract leads to Post.",
        ),
        (
            Contract,
            "column_sortable_list",
            "supplier.city",
            "names supplier.city, which is not in column_list.",
        ),
        (
            Contract,
            "column_sortable_list",
            ("supplier", ("supplier.name", "supplier.city")),
            "sorts supplier by several columns. Name one.",
        ),
        (Contract, "form_columns", "supplier.city", "names supplier.city, which is no column of Contract."),
        (
            Contract,
            "column_editable_list",
            Supplier.city,
            "names supplier.city, which is no column of Contract.",
        ),
    ],
)
def test_line_says_what_cannot_be_reached(
    context: Flask, model: type[Any], attribute: str, given: Any, line: str
) -> None:
    with pytest.raises(ValueError, match="View") as refused:
        declared(**{attribute: [given]})(model)
    assert str(refused.value) == f"SupplierView.{attribute} {line}"


def test_ambiguous_class_is_refused_with_the_names(context: Flask) -> None:
    with pytest.raises(ValueError, match="View") as refused:
        declared(column_filters=[Mark.name])(Mark), declared(column_filters=[Contract.name])(Supplier)
    assert "leads to Contract" in str(refused.value)


@pytest.mark.parametrize(
    ("attributes", "line"),
    [
        ({"column_labels": {"supplier.nme": "Town"}}, "column_labels names supplier.nme, which is no column"),
        ({"column_default_sort": "supplier.city"}, "column_default_sort names supplier.city. Name it in"),
    ],
)
def test_label_or_order_of_nothing_is_refused(context: Flask, attributes: Any, line: str) -> None:
    with pytest.raises(ValueError, match=line):
        declared(**attributes)(Contract)
