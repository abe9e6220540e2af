"""Records that lie in two tables, by joined inheritance."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form, row_titles
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.orders import undo
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases
MANAGERS = "/admin/firm_managers"


class Base(DeclarativeBase):
    """Tables that the console's own migrations know nothing of."""


class Person(Base):
    """The class that managers inherit from."""

    __tablename__ = "firm_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "person"}  # noqa: RUF012


class Manager(Person):
    """A person with a table of its own besides."""

    __tablename__ = "firm_managers"

    id: Mapped[int] = mapped_column(ForeignKey("firm_people.id"), primary_key=True)
    budget: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(80))

    __mapper_args__ = {"polymorphic_identity": "manager"}  # noqa: RUF012


class ManagerView(RecordView):
    """Managers, with columns of both tables."""

    column_list = ("name", "budget", "title", "active")
    column_searchable_list = ("name", "title")
    column_filters = ("active", "budget")
    column_editable_list = ("budget",)


@pytest.fixture
def managers(settings: Settings) -> Iterator[Flask]:
    """A console with two managers and another person."""
    with console_over(settings, plugin(lambda: ManagerView(Manager)), Base) as app:
        with app.app_context():
            bob = Manager(name="Bob", active=False)
            people: list[Any] = [Manager(name="Ann", budget=5, title="CEO"), Person(name="Zed"), bob]
            for each in people:
                db.session.add(each)
                db.session.flush()
            db.session.commit()
        yield app


def whole(app: Flask) -> Any:
    """All rows of both tables."""
    return rows(app, Person), rows(app, Manager)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort=name", ["Ann", "Bob"]),
        ("sort=-name", ["Bob", "Ann"]),
        ("sort=budget", ["Ann", "Bob"]),
        ("q=ceo", ["Ann"]),
        ("q=bob", ["Bob"]),
        ("active=no", ["Bob"]),
        ("budget_min=4", ["Ann"]),
    ],
)
def test_list_has_the_columns_of_both_tables(managers: Flask, query: str, found: list[str]) -> None:
    assert row_titles(logged_in(managers, "viewer").get(f"{MANAGERS}/?{query}").text) == found


def test_form_changes_both_tables_and_undo_restores_them(managers: Flask) -> None:
    editor, before = logged_in(managers, "editor"), whole(managers)
    form = record_form(editor.get(f"{MANAGERS}/edit/?id=1").text)
    assert is_redirect(editor.post(f"{MANAGERS}/edit/?id=1", data={**form, "name": "Eve", "budget": "7"}))
    people, its = whole(managers)
    assert (people[0]["name"], its[0]["budget"]) == ("Eve", 7)
    conflict = editor.post(f"{MANAGERS}/edit/?id=1", data={**form, "name": "Dan"})
    assert conflict.status_code == 409
    assert is_redirect(undo(editor, MANAGERS))
    assert whole(managers) == before


def test_deleted_record_is_restored_in_both_tables(managers: Flask) -> None:
    editor, before = logged_in(managers, "editor"), whole(managers)
    assert is_redirect(confirm(editor, f"{MANAGERS}/delete/?id=1"))
    assert [len(each) for each in whole(managers)] == [2, 1]
    assert is_redirect(confirm(editor, "/admin/trash/restore/?id=1"))
    assert whole(managers) == before
    with managers.app_context():
        assert verify(db.session).faults == []


def test_key_of_a_deleted_record_is_not_given_again(managers: Flask) -> None:
    editor = logged_in(managers, "editor")
    assert is_redirect(confirm(editor, f"{MANAGERS}/delete/?id=3"))
    form = record_form(editor.get(f"{MANAGERS}/new/").text)
    assert is_redirect(editor.post(f"{MANAGERS}/new/", data={**form, "name": "Flo"}))
    assert is_redirect(confirm(editor, "/admin/trash/restore/?id=1"))
    assert [each["name"] for each in whole(managers)[0]] == ["Ann", "Zed", "Bob", "Flo"]


def test_created_record_has_its_class(managers: Flask) -> None:
    editor = logged_in(managers, "editor")
    form = record_form(editor.get(f"{MANAGERS}/new/").text)
    assert is_redirect(editor.post(f"{MANAGERS}/new/", data={**form, "name": "Flo", "budget": "1"}))
    assert whole(managers)[0][-1]["type"] == "manager"
    for page in ("history", "details"):
        assert "Flo" in editor.get(f"{MANAGERS}/{page}/?id=4").text


def test_record_of_a_class_below_has_its_history_on_both_screens(settings: Settings) -> None:
    views = (lambda: RecordView(Person), lambda: ManagerView(Manager))
    with console_over(settings, plugin(*views), Base) as app:
        with app.app_context():
            db.session.add(Manager(name="Ann", budget=5))
            db.session.commit()
        editor = logged_in(app, "editor")
        for address in ("/admin/firm_people", MANAGERS):
            form = record_form(editor.get(f"{address}/edit/?id=1").text)
            assert is_redirect(editor.post(f"{address}/edit/?id=1", data={**form, "name": address}))
        for address in ("/admin/firm_people", MANAGERS):
            text = read(editor.get(f"{address}/history/?id=1").text).all("main")[0].text
            assert "/admin/firm_people" in text
            assert MANAGERS in text
