"""Child rows that were moved to another record, and the changes of which that are reverted."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.record_view.clubs import CLUBS, EDIT, edit, members
from unit.record_view.deleting import answered, fields_of, undone
from unit.record_view.kinds import Club, Member
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases
BOB = "/admin/own_members/edit/?id=1"
GO = f"{CLUBS}/edit/?id=2"


def move(client: FlaskClient, club: str = "2") -> None:
    """Move Bob to the club with this number, on his own page."""
    form = record_form(client.get(BOB).text)
    assert is_redirect(client.post(BOB, data={**form, "club_id": club}))


def last_set(app: Flask) -> int:
    """The number of the last change set."""
    with app.app_context():
        return db.session.scalars(select(Change.change_set_id).order_by(Change.id.desc())).first() or 0


def revert(client: FlaskClient, change_set: int) -> list[tuple[str, str]]:
    """Confirm that a change set is to be reverted; returns the messages after it."""
    answer = confirm(client, f"/admin/revert/?set={change_set}")
    assert is_redirect(answer)
    return flashes(client.get(answer.location).text)


def place_of(app: Flask, name: str) -> int:
    """The number of the club that a member is in."""
    [club] = [row["club_id"] for row in rows(app, Member) if row["name"] == name]
    return int(club)


def in_form(client: FlaskClient, address: str) -> list[str]:
    """The names of the members in the form of a club."""
    fields = record_form(client.get(address).text)
    return [text for name, text in fields.items() if name.endswith("-name") and text]


def test_moved_row_is_moved_back(clubs: Flask, editor: FlaskClient) -> None:
    before = rows(clubs, Member)
    move(editor)
    assert (in_form(editor, EDIT), in_form(editor, GO)) == (["Ann"], ["Bob"])
    revert(editor, last_set(clubs))
    assert rows(clubs, Member) == before
    assert in_form(editor, EDIT) == ["Ann", "Bob"]
    with clubs.app_context():
        assert verify(db.session).faults == []


def test_question_names_both_records_of_a_moved_row(clubs: Flask, editor: FlaskClient) -> None:
    move(editor)
    main = read(editor.get(f"/admin/revert/?set={last_set(clubs)}").text).all("main")[0]
    assert "Bob" in main.text
    assert main.text.index("Go") < main.text.index("Chess")  # from what it is to what it was


def test_row_that_was_moved_again_stays_where_it_is(clubs: Flask, editor: FlaskClient) -> None:
    with clubs.app_context():
        db.session.add(Club(name="Skat"))
        db.session.commit()
    move(editor)
    first = last_set(clubs)
    move(editor, "3")
    assert "has since been changed: Club" in editor.get(f"/admin/revert/?set={first}").text
    assert revert(editor, first)[0][0] == "error"
    assert place_of(clubs, "Bob") == 3


def test_moved_row_is_not_moved_back_to_a_deleted_record(clubs: Flask, editor: FlaskClient) -> None:
    move(editor)
    moved = last_set(clubs)
    assert is_redirect(edit(editor, members_2_remove="y"))
    assert is_redirect(confirm(editor, f"{CLUBS}/delete/?id=1"))
    assert revert(editor, moved) == [
        ("error", "Nothing was reverted: a record that it refers to was deleted.")
    ]
    assert place_of(clubs, "Bob") == 2


def test_change_in_the_form_is_reverted_after_the_row_was_moved(clubs: Flask, editor: FlaskClient) -> None:
    assert is_redirect(edit(editor, name="Checkers", members_1_name="Ben"))
    changed = last_set(clubs)
    form = record_form(editor.get(BOB).text)
    assert is_redirect(editor.post(BOB, data={**form, "club_id": "2"}))
    revert(editor, changed)
    assert [row["name"] for row in rows(clubs, Club)] == ["Chess", "Go"]
    assert place_of(clubs, "Bob") == 2


def test_rows_moved_by_the_question_come_back_with_their_record(clubs: Flask, editor: FlaskClient) -> None:
    before = rows(clubs, Member), [row["name"] for row in rows(clubs, Club)]
    address = f"{CLUBS}/delete/?id=1"
    names = fields_of(editor.get(address).text)
    assert is_redirect(answered(editor, address, **{names["Move 2 members (Club) to"]: "2"}))
    assert in_form(editor, GO) == ["Ann", "Bob"]
    deleted = last_set(clubs)
    revert(editor, deleted)
    assert (rows(clubs, Member), [row["name"] for row in rows(clubs, Club)]) == before
    assert members(clubs) == ["Ann", "Bob"]


def test_row_moved_while_its_form_was_open_is_not_written(clubs: Flask, editor: FlaskClient) -> None:
    opened = record_form(editor.get(EDIT).text)
    move(editor)
    answer = editor.post(EDIT, data={**opened, "members-1-name": "Ben"})
    assert (answer.status_code, "Ben" in answer.text) == (200, True)
    assert place_of(clubs, "Bob") == 2
    revert(editor, last_set(clubs))
    assert members(clubs) == ["Ann", "Bob"]


def test_undo_of_a_move_says_what_it_restored(clubs: Flask, editor: FlaskClient) -> None:
    move(editor)
    undone(editor, "/admin/own_members/")
    assert flashes(editor.get("/admin/own_members/").text) == [("success", "Undone. 1 member restored.")]
    assert place_of(clubs, "Bob") == 1
