"""Records with nothing in any column: what is done to them is undone as well."""

import pytest
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Base
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases
BLANKS = "/admin/own_blanks"


class Blank(Base):
    """A record that needs no value."""

    __tablename__ = "own_blanks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]


@pytest.fixture
def blanks(console: With) -> Flask:
    """A console with such records."""
    return console(lambda: RecordView(Blank))


def test_creation_of_a_record_without_values_is_undone(blanks: Flask) -> None:
    editor = logged_in(blanks, "editor")
    form = record_form(editor.get(f"{BLANKS}/new/").text)
    assert is_redirect(editor.post(f"{BLANKS}/new/", data={**form, "name": ""}))
    assert rows(blanks, Blank) == [{"id": 1, "name": None}]
    undone(editor, f"{BLANKS}/")
    assert rows(blanks, Blank) == []


def test_deletion_of_a_record_without_values_is_undone_and_redone(blanks: Flask) -> None:
    with blanks.app_context():
        db.session.add(Blank())
        db.session.commit()
    editor, before = logged_in(blanks, "editor"), rows(blanks, Blank)
    assert is_redirect(confirm(editor, f"{BLANKS}/delete/?id=1"))
    undone(editor, f"{BLANKS}/")
    assert rows(blanks, Blank) == before
    undone(editor, f"{BLANKS}/")
    assert rows(blanks, Blank) == []
