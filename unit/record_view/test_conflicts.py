"""Conflicts of records without a version, whose columns are called like fields of the console's own forms."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.postgres.blocking import together
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base
from unit.record_view.stored import change_elsewhere

pytestmark = pytest.mark.both_databases
AT = "/admin/own_reviews"
EDIT = f"{AT}/edit/?id=a%2F1"
NAMES = [
    *("review", "opened", "next", "id", "confirm", "version", "draft", "matching", "action", "stage"),
    *("field", "value", "rowid", "data", "errors", "meta", "process", "state", "note", "sent", "names"),
    *("validate", "remember_state", "opened_state", "form_errors", "is_made", "filter_title"),
    "validate_title",
]
"""Names of what requests and forms of the console have, too."""


class Review(Base):
    """A record without a version and with a text for a key."""

    __tablename__ = "own_reviews"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[str | None] = mapped_column(Text)
    for _name in NAMES:
        vars()[_name] = mapped_column(Text)
    del _name


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one review."""
    app = console(lambda: RecordView(Review))
    with app.app_context():
        db.session.add(Review(code="a/1", title="Oak", review="Good"))
        db.session.commit()
    return app


@pytest.fixture
def elsewhere(app: Flask) -> Callable[..., None]:
    """`elsewhere(column=value)` is a change by another program."""
    return partial(change_elsewhere, app, Review)


def stored(app: Flask) -> dict[str, Any]:
    """The review, as it is stored."""
    with app.app_context():
        return dict(db.session.execute(select(Review.__table__)).mappings().one())


def test_columns_called_like_fields_of_the_console_are_saved(app: Flask) -> None:
    editor = logged_in(app, "editor")
    form = record_form(editor.get(EDIT).text)
    typed = {name: f"A text of {name}" for name in NAMES} | {"opened": "long " * 900}
    assert is_redirect(editor.post(EDIT, data={**form, **typed}))
    assert {name: stored(app)[name] for name in NAMES} == {**typed, "opened": typed["opened"]}
    again = record_form(editor.get(EDIT).text)
    assert {name: again[name] for name in NAMES} == typed


def test_conflict_over_such_columns_is_merged(app: Flask, elsewhere: Callable[..., None]) -> None:
    editor = logged_in(app, "editor")
    form = record_form(editor.get(EDIT).text)
    elsewhere(review="Better", state="Theirs", data="Theirs")
    merge = editor.post(EDIT, data={**form, "review": "Best", "version": "Mine", "data": "Theirs"})
    assert merge.status_code == 409
    choices = read(merge.text).all("input", type="radio")
    assert [(each.attributes["name"], each.attributes["value"]) for each in choices] == [
        ("review", "Best"),
        ("review", "Better"),
        ("review", "Good"),
    ]
    assert is_redirect(editor.post(EDIT, data={**record_form(merge.text), "review": "Best"}))
    found = stored(app)
    assert [found[name] for name in ("review", "version", "state", "data")] == [
        "Best",
        "Mine",
        "Theirs",
        "Theirs",
    ]


def test_change_of_a_field_that_the_form_does_not_show_is_no_conflict(
    app: Flask, elsewhere: Callable[..., None]
) -> None:
    form = record_form(logged_in(app, "editor").get(EDIT).text)
    assert "code" not in form
    elsewhere(code="a/2")
    answer = logged_in(app, "editor").post(f"{AT}/edit/?id=a%2F2", data={**form, "title": "Elm"})
    assert answer.status_code == 400  # the form of another record
    assert stored(app)["title"] == "Oak"


def test_column_for_the_time_of_the_change_may_hold_anything(
    app: Flask, elsewhere: Callable[..., None]
) -> None:
    elsewhere(updated_at="last week")
    page = logged_in(app, "editor").get(EDIT)
    assert page.status_code == 200
    assert "Last changed" in page.text  # by the history


def test_only_one_of_two_racing_saves_is_done(app: Flask) -> None:
    clients = [logged_in(app, "editor"), logged_in(app, "admin")]
    for number in range(5):
        forms = [record_form(each.get(EDIT).text) for each in clients]
        sends = [
            lambda who=who, form=form: who.post(EDIT, data=form).status_code
            for who, form in zip(
                clients, ({**form, "title": f"{n}-{number}"} for n, form in enumerate(forms)), strict=True
            )
        ]
        done = together(*sends)
        assert sorted(done) == [303, 409]
        assert stored(app)["title"] == f"{done.index(303)}-{number}"


def test_columns_called_like_fields_of_the_console_are_edited_in_bulk(app: Flask) -> None:
    editor, address = logged_in(app, "editor"), f"{AT}/action/"
    token = read(editor.get(f"{AT}/").text).fields["csrf_token"]
    form = editor.post(address, data={"csrf_token": token, "action": "edit", "rowid": "a/1"})
    fields, typed = record_form(form.text), {}
    for name in NAMES:
        sent_as = f"new-{name}" if f"new-{name}" in fields else name
        typed |= {f"{name}-how": "set", sent_as: f"A text of {name}"}
    preview = record_form(editor.post(address, data={**fields, **typed, "dashboard-note": "Why"}).text)
    assert is_redirect(editor.post(address, data={**preview, "confirm": "1"}))
    assert {name: stored(app)[name] for name in NAMES} == {name: f"A text of {name}" for name in NAMES}
