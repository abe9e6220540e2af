"""The list of a mapped class that nothing describes but its columns."""

import csv
from io import StringIO
from itertools import chain
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, row_titles
from unit.record_view.conftest import As, With, logged_in
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS

pytestmark = pytest.mark.both_databases
LIST = "/admin/own_suppliers/"


def titles(client: Any, **query: Any) -> list[str]:
    """The names in the list at an address."""
    return row_titles(client.get(f"{LIST}?{urlencode(query, doseq=True)}").text)


def heads(html: str) -> list[str]:
    """The heads of the columns."""
    return [head.text for head in read(html).all("thead")[0].all("th")]


def test_list_shows_the_first_columns_and_neither_secrets_nor_bytes(as_role: As) -> None:
    html = as_role("viewer").get(LIST).text
    assert heads(html) == ["Name", "City", "Terms", "Grade", "Active", "Checked"]
    assert "nobody" not in html


def test_newest_come_first_where_no_index_has_the_order(console: With, suppliers: Flask) -> None:
    assert titles(logged_in(suppliers, "viewer"), sort="-id") == ["Birch", "Ash", "Elm", "Oak & Sons"]


def test_unique_name_gives_the_order_of_the_list(as_role: As) -> None:
    assert titles(as_role("viewer")) == ["Ash", "Birch", "Elm", "Oak & Sons"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "OAK"}, ["Oak & Sons"]),
        ({"q": "oak nothing"}, []),
        ({"active": "no"}, ["Elm"]),
        ({"grade": "SECOND"}, ["Ash"]),
        ({"grade": "none"}, ["Birch", "Elm", "Oak & Sons"]),
        ({"country_code": "de"}, ["Oak & Sons"]),
        ({"parent_id": "1"}, ["Birch"]),
        ({"sort": "parent_id"}, ["Birch", "Oak & Sons", "Elm", "Ash"]),
        ({"sort": "-country_code"}, ["Oak & Sons"]),
    ],
)
def test_list_is_searched_filtered_and_sorted_by_any_column(
    as_role: As, query: Any, found: list[str]
) -> None:
    shown = titles(as_role("viewer"), **query)
    assert shown[: len(found)] == found if "sort" in query else shown == found


def test_reference_is_shown_by_the_name_of_its_record(as_role: As) -> None:
    html = as_role("viewer").get(f"{LIST}?column=country_code&column=parent_id&q=bir").text
    assert heads(html) == ["Name", "Country", "Parent"]
    assert "Oak &amp; Sons" in html


def test_search_finds_letters_beyond_ascii_in_either_case(as_role: As) -> None:
    assert titles(as_role("viewer"), q="KÖLN") == []  # only the name is searched by default


@pytest.mark.parametrize(
    "query",
    [
        "sort=extra",
        "sort=-lead",
        "sort=reference",
        "by_size_min=1e400",
        "rating_min=NaN",
        "since_from=0001-01-01&since_to=9999-12-31",
        "seen_at_from=2026-13-01",
        "called_at_to=2026-01-01",
        "parent_id=99999999999999999999",
        "country_code=%00",
        "q=%ff%fe",
        "size=50&column=size&column=lead&column=extra&column=reference&column=opens",
        "after=abc&before=abc",
    ],
)
def test_no_query_string_is_an_error(as_role: As, query: str) -> None:
    assert as_role("viewer").get(f"{LIST}?{query}").status_code == 200


def test_file_has_all_columns_but_secrets_and_bytes(as_role: As) -> None:
    header, *rows = csv.reader(StringIO(as_role("editor").get(f"{LIST}export/csv/").text))
    names = [column.key for column in Supplier.__mapper__.column_attrs]
    assert header == [name for name in names if name not in ("api_key", "logo")]
    assert [row[header.index("notes")] for row in rows] == ["", "", "", "Long\ntext"]
    assert "of nobody's business" not in chain.from_iterable(rows)


def test_rows_have_no_links_where_the_view_says_so(console: With) -> None:
    view: type[RecordView] = type("Plain", (RecordView,), {"column_display_actions": False})
    app = console(lambda: view(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    editor = logged_in(app, "editor")
    page = editor.get(f"{SUPPLIERS}/").text
    assert "row-actions" not in page
    assert editor.get(f"{SUPPLIERS}/edit/?id=1").status_code == 200


class Greeting(RecordView):
    """Suppliers whose pages get a variable more."""

    def render(self, template: str, **context: Any) -> str:
        return str(super().render(template, **{**context, "title": f"Hello, {context['title']}"}))


def test_render_may_change_what_pages_are_made_of(console: With) -> None:
    editor = logged_in(console(lambda: Greeting(Supplier)), "editor")
    assert "Hello, Suppliers" in editor.get(f"{SUPPLIERS}/").text
