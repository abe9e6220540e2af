"""A thousand child rows whose keys have several columns: every page has its rows, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.bounds import CHILD_ROWS
from dashboard.config import Settings
from dashboard.database.composite_keys import text_of
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.kinds import Base
from unit.record_view.orders import undo
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases
BILLS = "/admin/own_bills"
EDIT = f"{BILLS}/edit/?id=1"
ROWS = 1_000
PAGES = ROWS // CHILD_ROWS


class Bill(Base):
    """A record with many rows."""

    __tablename__ = "own_bills"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    entries: Mapped[list[Entry]] = relationship(back_populates="bill")


class Entry(Base):
    """A row whose key is its bill, a section and a number."""

    __tablename__ = "own_entries"

    bill_id: Mapped[int] = mapped_column(ForeignKey("own_bills.id"), primary_key=True)
    section: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str | None] = mapped_column(String(80))

    bill: Mapped[Bill] = relationship(back_populates="entries")


class BillView(RecordView):
    """Bills with their entries."""

    inline_models = (Entry,)


@pytest.fixture
def bills(settings: Settings) -> Iterator[Flask]:
    """A console with two bills; the first has a thousand entries in two sections, the second one entry."""
    with ExitStack() as made:
        app = made.enter_context(console_over(settings, plugin(lambda: BillView(Bill)), Base))
        with app.app_context():
            db.session.add_all([Bill(name="First"), Bill(name="Second")])
            db.session.flush()
            db.session.add_all(entry(number) for number in reversed(range(ROWS)))
            db.session.add(Entry(bill_id=2, section="a", number=1, text="of the second"))
            db.session.commit()
        yield app


@pytest.fixture
def editor(bills: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(bills, "editor")


def entry(number: int) -> Entry:
    """One of the entries of the first bill: 500 are in each section."""
    section, its = ("a", number) if number < ROWS // 2 else ("b", number - ROWS // 2)
    return Entry(bill_id=1, section=section, number=its + 1, text=f"T{number}")


def names_on(client: FlaskClient, page: int) -> list[str]:
    """The texts of the entries on a page of the form, in their order."""
    form = record_form(client.get(f"{EDIT}&rows={page}").text)
    its = [name for name in form if name.startswith("entries-%5B") and name.endswith("-text")]
    return [form[name] for name in its]


def prefix(section: str, number: int) -> str:
    """The beginning of the names of the fields of an entry of the first bill."""
    return f"entries-{quote(text_of([1, section, number]), safe='')}-"


def test_pages_have_every_row_once_in_the_order_of_the_key(editor: FlaskClient) -> None:
    found = [text for page in range(1, PAGES + 1) for text in names_on(editor, page)]
    assert found == [f"T{number}" for number in range(ROWS)]


def test_heading_says_which_rows_of_how_many(editor: FlaskClient) -> None:
    section = read(editor.get(f"{EDIT}&rows=7").text).all("section", class_="rows")[0]
    assert section.all("h2")[0].text == "Entries (301 to 350 of 1,000)"
    links = {each.text: each.attributes["href"] for each in section.all("a")}
    assert links == {"Previous 50": "?id=1&rows=6", "Next 50": "?id=1&rows=8"}


def test_rows_of_the_last_page_are_saved_and_the_others_stay(bills: Flask, editor: FlaskClient) -> None:
    before = rows(bills, Entry)
    form = record_form(editor.get(f"{EDIT}&rows={PAGES}").text)
    sent = {f"{prefix('b', 500)}text": "changed", f"{prefix('b', 499)}remove": "y"}
    assert is_redirect(editor.post(f"{EDIT}&rows={PAGES}", data={**form, **sent}))
    after = {(row["bill_id"], row["section"], row["number"]): row["text"] for row in rows(bills, Entry)}
    assert len(after) == len(before) - 1
    assert after[1, "b", 500] == "changed"
    assert (1, "b", 499) not in after
    assert is_redirect(undo(editor, BILLS))
    assert rows(bills, Entry) == before


def test_key_of_a_row_of_another_page_is_refused(bills: Flask, editor: FlaskClient) -> None:
    before = rows(bills, Entry)
    form = record_form(editor.get(EDIT).text)
    sent = {"entries-+1-section": "b", "entries-+1-number": "500", "entries-+1-text": "again"}
    answer = editor.post(EDIT, data={**form, **sent})
    assert "Another row already has this section and number." in field_errors(answer.text).values()
    assert rows(bills, Entry) == before


def test_row_takes_the_key_of_one_that_another_record_has(bills: Flask, editor: FlaskClient) -> None:
    form = record_form(editor.get(f"{BILLS}/edit/?id=2").text)
    sent = {"entries-+1-section": "b", "entries-+1-number": "500", "entries-+1-text": "its own"}
    assert is_redirect(editor.post(f"{BILLS}/edit/?id=2", data={**form, **sent}))
    texts = {
        (row["bill_id"], row["number"]): row["text"] for row in rows(bills, Entry) if row["section"] == "b"
    }
    assert (texts[1, 500], texts[2, 500]) == ("T999", "its own")


@pytest.mark.parametrize("page", [1, PAGES])
def test_number_of_statements_is_that_of_few_rows(editor: FlaskClient, count_queries: Any, page: int) -> None:
    editor.get(f"{BILLS}/edit/?id=2")
    with count_queries() as few:
        editor.get(f"{BILLS}/edit/?id=2")
    with count_queries() as many:
        assert f"T{(page - 1) * CHILD_ROWS}" in editor.get(f"{EDIT}&rows={page}").text
    assert len(many) == len(few)
