"""Formatters of Flask-Admin: functions that say how the list, the page and the file show values."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_admin.model import typefmt
from flask_admin.model.template import macro
from markupsafe import Markup
from sqlalchemy import event

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, record_form, row_titles
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import SUPPLIERS

pytestmark = pytest.mark.both_databases


def link(view: Any, context: Any, model: Supplier, name: str) -> str:
    """A value as a link."""
    assert (view.singular, context) == ("supplier", None)
    return Markup('<a href="https://{}.example">{}</a>').format(model.name, getattr(model, name))


class Formatted(RecordView):
    """Suppliers with formatters."""

    column_list = ("name", "city", "country", "since", "words", "active")
    column_details_list = ("name", "city", "country", "since", "words")
    column_export_list = ("name", "city", "country", "since", "words", "active")
    column_labels = {"words": "In words"}  # noqa: RUF012
    column_formatters = {  # noqa: RUF012
        "name": lambda _v, _c, model, _n: Markup("<b>{}</b>").format(model.name),
        "city": link,
        "country": lambda _v, _c, model, name: f"<{getattr(model, name).name}>",
        "words": lambda _v, _c, model, _n: [model.name, str(model.active)],
    }
    column_type_formatters = {  # noqa: RUF012
        **typefmt.BASE_FORMATTERS,
        date: lambda _view, value, name: f"{name} {value:%d.%m.%Y}",
    }
    column_type_formatters_detail = column_type_formatters
    column_type_formatters_export = column_type_formatters


@pytest.fixture
def formatted(console: With) -> Flask:
    """A console with formatted suppliers, and twenty of them."""
    app = console(lambda: Formatted(Supplier))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add_all(
            [
                Supplier(
                    name=f"O&k {n:02}", city="<Bonn>", country_code="de", since=date(2026, 3, 1), active=n > 1
                )
                for n in range(20)
            ]
        )
        db.session.commit()
    return app


def test_list_shows_what_functions_make_of_records(formatted: Flask) -> None:
    client = logged_in(formatted, "viewer")
    page = client.get(f"{SUPPLIERS}/").text
    assert row_titles(page)[:2] == ["O&k 00", "O&k 01"]
    cells = [cell.text for cell in read(page).all("tbody")[0].all("td")[:5]]
    assert cells == ["<Bonn>", "<Germany>", "since 01.03.2026", "O&k 00, False", "No"]
    assert '<a href="https://O&amp;k 00.example">&lt;Bonn&gt;</a>' in page
    assert "&lt;Germany&gt;" in page
    assert "glyphicon" not in page


def test_list_sorts_columns_of_functions_and_not_made_ones(formatted: Flask) -> None:
    client = logged_in(formatted, "viewer")
    heads = read(client.get(f"{SUPPLIERS}/").text).all("thead")[0].all("th")
    assert [head.text for head in heads if not head.all("a")] == ["In words"]
    assert client.get(f"{SUPPLIERS}/?sort=-city").status_code == 200
    assert client.get(f"{SUPPLIERS}/?sort=words").status_code == 200


def test_page_and_file_show_what_functions_make_of_records(formatted: Flask) -> None:
    owner = logged_in(formatted, "owner")
    facts = read(owner.get(f"{SUPPLIERS}/details/?id=1").text).all("dd")
    assert [fact.text for fact in facts] == [
        *("O&k 00", "<Bonn>", "<Germany>", "since 01.03.2026", "O&k 00, False")
    ]
    head, first, *_ = owner.get(f"{SUPPLIERS}/export/csv/").text.splitlines()
    assert head == "name,city,country_code,since,words,active"
    assert first == 'O&k 00,<Bonn>,<Germany>,since 01.03.2026,"O&k 00, False",False'


def test_objects_of_a_page_are_read_in_one_statement(formatted: Flask) -> None:
    client, statements = logged_in(formatted, "viewer"), list[str]()
    with formatted.app_context():
        engine = db.engine

    def seen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "own_" in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", seen)
    client.get(f"{SUPPLIERS}/")
    event.remove(engine, "before_cursor_execute", seen)
    assert len([each for each in statements if "own_suppliers.notes" in each]) == 1
    assert len([each for each in statements if "own_countries" in each and "JOIN" not in each]) <= 2
    assert len(statements) <= 7


def test_property_of_a_class_is_a_column_and_a_fact(console: With, monkeypatch: pytest.MonkeyPatch) -> None:
    loud = property(lambda self: self.name.upper())
    monkeypatch.setattr(Supplier, "loud", loud, raising=False)
    attributes = {
        "column_list": ("name", "loud", "made"),
        "column_formatters": {"made": lambda *_: "Made"},
        "column_formatters_detail": {},
        "column_export_list": ("loud",),
    }
    view: type[RecordView] = type("Loud", (RecordView,), attributes)
    app = console(lambda: view(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    owner = logged_in(app, "owner")
    cells = read(owner.get(f"{SUPPLIERS}/").text).all("tbody")[0].all("td")
    assert [cell.text for cell in cells][1:3] == ["OAK", "Made"]  # after the box that selects
    facts = read(owner.get(f"{SUPPLIERS}/details/?id=1").text).all("dt")
    assert "Loud" in [fact.text for fact in facts]
    assert "Made" not in [fact.text for fact in facts]
    assert owner.get(f"{SUPPLIERS}/export/csv/").text.split() == ["loud", "OAK"]
    question = owner.get(f"{SUPPLIERS}/delete/?id=1").text
    owner.post(f"{SUPPLIERS}/delete/?id=1", data=record_form(question))
    assert owner.get("/admin/trash/details/?id=1").status_code == 200


def test_palette_finds_records_with_formatted_names(formatted: Flask) -> None:
    found = logged_in(formatted, "viewer").get("/admin/palette/?q=O%26k 00")
    assert "O&amp;k 00" in found.text or "O&k 00" in found.text


@pytest.mark.parametrize(
    ("attributes", "line"),
    [
        (
            {"column_formatters": {"cty": link}},
            "Wrong.column_formatters names cty, which is no column of Supplier.",
        ),
        ({"column_formatters": {"city": "link"}}, "Wrong.column_formatters has no function for city."),
        (
            {"column_formatters_detail": {"city": macro("link")}},
            "Wrong.column_formatters_detail has a macro for city. Use a function.",
        ),
        (
            {"column_type_formatters": {"date": link}},
            "Wrong.column_type_formatters names date, which is no type.",
        ),
        ({"column_list": ["words"]}, "Wrong.column_list names words, which is no column of Supplier."),
    ],
)
def test_formatters_that_cannot_be_are_refused(context: Flask, attributes: Any, line: str) -> None:
    with pytest.raises(ValueError, match=f"^{line}$"):
        type("Wrong", (RecordView,), attributes)(Supplier)


def fails(*_: Any) -> str:
    """Fail as a function of a view may."""
    raise LookupError("no such thing")


class Unprintable:
    """A value that has no text."""

    def __str__(self) -> str:
        raise LookupError("no text")


def test_function_that_fails_is_told_in_its_cells_and_once_in_the_log(
    console: With, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Supplier, "broken", property(fails), raising=False)
    attributes = {
        "column_list": ("name", "city", "broken", "since", "odd", "active"),
        "column_details_list": ("name", "city", "broken", "since", "odd", "active"),
        "column_export_list": ("name", "city", "broken", "since", "active"),
        "column_formatters": {"city": fails, "odd": lambda *_: Unprintable()},
        "column_type_formatters": {date: fails},
        "column_type_formatters_detail": {date: fails},
        "column_type_formatters_export": {date: fails},
    }
    view: type[RecordView] = type("Failing", (RecordView,), attributes)
    app = console(lambda: view(Supplier))
    with app.app_context():
        db.session.add_all(
            [Supplier(name=name, city="Bonn", since=date(2026, 3, 1)) for name in ("Oak", "Elm")]
        )
        db.session.commit()
    owner, failed = logged_in(app, "owner"), "Can't be shown"
    cells = read(owner.get(f"{SUPPLIERS}/").text).all("tbody")[0].all("td")
    assert [cell.text for cell in cells][1:6] == [failed, failed, failed, failed, "Yes"]
    lines = sorted(record.getMessage() for record in caplog.records)
    assert lines == [f"Failing can't show the column {name}." for name in ("broken", "city", "odd", "since")]
    facts = read(owner.get(f"{SUPPLIERS}/details/?id=1").text).all("dd")
    assert [fact.text for fact in facts][:6] == ["Oak", failed, failed, failed, failed, "Yes"]
    file = owner.get(f"{SUPPLIERS}/export/csv/").text.splitlines()
    assert file[2] == f"Oak,{failed},{failed},{failed},True"
