"""Child rows: records that belong to another one, edited in its form."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_admin.model.form import InlineFormAdmin
from sqlalchemy import select

from dashboard.admin.record_view.view import RecordView
from dashboard.bounds import CHILD_ROWS
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeSet
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, flashes, read, record_form
from unit.record_view.clubs import CLUBS, EDIT, NAMES, ClubView, edit, members, named
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Club, Country, Member, Terms
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases


def test_rows_stand_in_their_order_below_the_form(editor: FlaskClient) -> None:
    [section] = read(editor.get(EDIT).text).all("section", class_="rows")
    assert section.all("h2")[0].text == "Members"
    assert [each.text for each in section.all("legend")] == [*NAMES, "New member", "New member"]
    assert not [label for label in section.all("label") if label.text == "Club"]


def test_rows_are_added_changed_and_removed_in_one_change_set(clubs: Flask, editor: FlaskClient) -> None:
    typed = {"name": "Chess!", "members_1_remove": "y", "members_2_name": "Anne", "members_2_terms": "net_60"}
    assert is_redirect(edit(editor, **typed, members_new1_name="Cleo", members_new1_place="3"))
    assert members(clubs) == ["Anne", "Cleo"]
    with clubs.app_context():
        assert db.session.scalar(select(Club.name).where(Club.id == 1)) == "Chess!"
        assert db.session.scalar(select(Member.terms).where(Member.name == "Anne")) is Terms.net_60
        [last] = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1))
        its = db.session.execute(
            select(Change.record_kind, Change.action).where(Change.change_set_id == last)
        )
        assert sorted((kind, str(action)) for kind, action in its) == [
            ("own_clubs", "change"),
            ("own_members", "change"),
            ("own_members", "create"),
            ("own_members", "delete"),
        ]
        assert verify(db.session).faults == []


def test_one_undo_reverts_what_was_done_to_the_rows(clubs: Flask, editor: FlaskClient) -> None:
    before = rows(clubs, Member)
    edit(editor, name="Chess!", members_1_remove="y", members_2_name="Anne", members_new1_name="Cleo")
    [undo] = [
        form
        for form in read(editor.get(f"{CLUBS}/").text).all("form")
        if form.attributes["action"].endswith("/undo/")
    ]
    assert is_redirect(editor.post(undo.attributes["action"], data=undo.fields))
    assert rows(clubs, Member) == before


def test_form_saved_unchanged_leaves_no_line(clubs: Flask, editor: FlaskClient) -> None:
    with clubs.app_context():
        known = len(db.session.scalars(select(Change.id)).all())
    assert is_redirect(edit(editor))
    with clubs.app_context():
        assert len(db.session.scalars(select(Change.id)).all()) == known


def test_new_record_is_created_with_its_rows(clubs: Flask, editor: FlaskClient) -> None:
    form = record_form(editor.get(f"{CLUBS}/new/").text)
    fields = named({"name": "Bridge", "members_new1_name": "Dan", "members_new2_name": "Eve"})
    assert is_redirect(editor.post(f"{CLUBS}/new/", data={**form, **fields}))
    with clubs.app_context():
        club = db.session.scalars(select(Club).where(Club.name == "Bridge")).one()
        assert sorted(member.name for member in club.members) == ["Dan", "Eve"]


@pytest.mark.parametrize(
    ("fields", "at", "error"),
    [
        ({"members_1_name": ""}, "members-1-name", "Enter the name."),
        ({"members_1_place": "x"}, "members-1-place", "Enter a whole number, such as 12."),
        ({"members_new1_email": "a@b"}, "members-+1-name", "Enter the name."),
        ({"members_2_name": "x" * 81}, "members-2-name", "Use at most 80 characters; this has 81."),
        (
            {"members_1_email": "a@b", "members_2_email": "a@b"},
            "members-1-email",
            "This email is already in use.",
        ),
    ],
)
def test_error_of_a_row_is_beside_its_field_and_nothing_is_saved(
    clubs: Flask, editor: FlaskClient, fields: dict[str, str], at: str, error: str
) -> None:
    before = rows(clubs, Member)
    answer = edit(editor, name="Chess!", **fields)
    assert answer.status_code == 200
    assert field_errors(answer.text) == {at: error}
    shown = record_form(answer.text)
    assert {name: shown[name] for name in named(fields)} == named(fields)
    assert rows(clubs, Member) == before
    with clubs.app_context():
        assert db.session.scalar(select(Club.name).where(Club.id == 1)) == "Chess"


def test_summary_of_errors_names_the_row(editor: FlaskClient) -> None:
    answer = edit(editor, members_1_name="")
    [summary] = read(answer.text).all("div", class_="summary")
    assert "Bob, name: Enter the name." in summary.text


def test_email_of_a_removed_row_is_free_for_a_new_one(clubs: Flask, editor: FlaskClient) -> None:
    edit(editor, members_1_email="b@x")
    assert is_redirect(edit(editor, members_1_remove="y", members_new1_name="Bo", members_new1_email="b@x"))
    assert members(clubs) == ["Bo", "Ann"]


def test_row_of_another_record_is_not_touched(clubs: Flask, editor: FlaskClient) -> None:
    address = f"{CLUBS}/edit/?id=2"
    form = record_form(editor.get(address).text)
    editor.post(address, data={**form, **named({"members_1_name": "Mine", "members_1_place": "9"})})
    assert members(clubs) == NAMES[::-1] or members(clubs) == NAMES


def test_many_rows_are_paged_and_only_those_shown_are_saved(clubs: Flask, editor: FlaskClient) -> None:
    with clubs.app_context():
        people = [Member(name=f"M{number}", place=number + 10, club_id=1) for number in range(1000)]
        db.session.add_all(people)
        db.session.commit()
    first = read(editor.get(EDIT).text).all("section", class_="rows")[0]
    assert first.all("h2")[0].text == f"Members (1 to {CHILD_ROWS} of 1,002)"
    [link] = first.all("a")
    assert link.text == f"Next {CHILD_ROWS}"
    second = editor.get(f"{CLUBS}/edit/{link.attributes['href']}")
    form = record_form(second.text)
    [key] = [name.split("-")[1] for name, text in form.items() if text == "M60"]
    assert is_redirect(editor.post(EDIT, data={**form, f"members-{key}-name": "changed"}))
    assert members(clubs).count("changed") == 1
    assert len(members(clubs)) == 1002


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "7", "1'"])
def test_page_of_rows_that_is_not_there_is_a_page_that_is(editor: FlaskClient, page: str) -> None:
    answer = editor.get(f"{EDIT}&rows={page}")
    assert answer.status_code == 200
    assert "Ann" in answer.text


def test_more_rows_than_a_form_has_are_refused(clubs: Flask, editor: FlaskClient) -> None:
    sent = {f"members-+{number}-name": "x" for number in range(1, CHILD_ROWS + 4)}
    answer = editor.post(EDIT, data={**record_form(editor.get(EDIT).text), **sent})
    assert answer.status_code == 400
    assert len(members(clubs)) == 2


@pytest.mark.parametrize(
    "name", ["members-x-name", "members-+x-name", "members--name", "members-1-", "members-%00-name"]
)
def test_made_up_rows_change_nothing(clubs: Flask, editor: FlaskClient, name: str) -> None:
    before = rows(clubs, Member)
    answer = editor.post(EDIT, data={**record_form(editor.get(EDIT).text), name: "Mallory"})
    assert answer.status_code in (200, 302, 303)
    assert rows(clubs, Member) == before


def test_viewers_see_rows_on_a_screen_that_the_navigation_does_not_have(clubs: Flask) -> None:
    viewer = logged_in(clubs, "viewer")
    page = viewer.get("/admin/own_members/details/?id=1")
    assert page.status_code == 200
    assert "Bob" in page.text
    assert "own_members" not in "".join(a.attributes["href"] for a in read(page.text).all("nav")[0].all("a"))


def test_removed_row_is_restored_from_the_trash(clubs: Flask, editor: FlaskClient) -> None:
    before = rows(clubs, Member)
    edit(editor, members_1_remove="y")
    assert is_redirect(confirm(editor, "/admin/trash/restore/?id=1"))
    assert rows(clubs, Member) == before


def test_options_of_rows_are_those_of_a_view(console: With) -> None:
    class Options(InlineFormAdmin):
        form_columns = ("name", "email")
        form_label = "People"

    for entry in ((Member, {"form_columns": ("name", "email"), "form_label": "People"}), Options(Member)):
        view = type("ClubView", (RecordView,), {"inline_models": (entry,)})
        app = console(lambda view=view: view(Club))
        with app.app_context():
            db.session.add(Club(name="Chess"))
            db.session.commit()
        page = logged_in(app, "editor").get(EDIT).text
        [section] = read(page).all("section", class_="rows")
        assert section.all("h2")[0].text == "People"
        assert [each.text for each in section.all("label")][:2] == ["Name", "Email"]
        assert len(section.all("label")) == 4


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (Country, "ClubView.inline_models names Country, which does not refer to Club."),
        (
            (Member, {"form_rules": ()}),
            "ClubView.inline_models names Member, which has the option form_rules",
        ),
        ("members", "ClubView.inline_models has 'members', which is no class."),
    ],
)
def test_rows_that_cannot_be_are_refused_at_the_start(console: With, entry: Any, line: str) -> None:
    view = type("ClubView", (RecordView,), {"inline_models": (entry,)})
    with pytest.raises(Exception, match=line.replace("(", ".")):
        console(lambda: view(Club))


def test_rows_with_a_screen_of_their_own_keep_it(console: With) -> None:
    class MemberView(RecordView):
        singular = "player"

    app = console(lambda: ClubView(Club), lambda: MemberView(Member))
    with app.app_context():
        db.session.add(Club(name="Chess"))
        db.session.commit()
    assert "New player" in logged_in(app, "editor").get(EDIT).text


def test_no_message_tells_of_rows_of_another_kind(clubs: Flask, editor: FlaskClient) -> None:
    edit(editor, members_1_name="Bo")
    assert flashes(editor.get(f"{CLUBS}/").text) == [("success", "Club “Chess” saved.")]


def test_new_row_is_not_taken_for_the_one_that_it_replaces(clubs: Flask, editor: FlaskClient) -> None:
    before = rows(clubs, Member)
    edit(editor, members_2_remove="y", members_new1_name="Cleo")
    assert [row["id"] for row in rows(clubs, Member)] == [1, 3]
    confirm(editor, "/admin/trash/restore/?id=1")
    assert [row["name"] for row in rows(clubs, Member)] == [*(row["name"] for row in before), "Cleo"]


def test_columns_of_rows_are_chosen_though_they_have_a_screen(console: With) -> None:
    view = type(
        "ClubView", (RecordView,), {"inline_models": ((Member, {"form_columns": ("email", "name")}),)}
    )
    app = console(lambda: RecordView(Member), lambda: view(Club))
    with app.app_context():
        db.session.add(Club(name="Chess"))
        db.session.commit()
    [section] = read(logged_in(app, "editor").get(EDIT).text).all("section", class_="rows")
    assert [each.text for each in section.all("label")][:2] == ["Email", "Name"]
    other = type("ClubView", (RecordView,), {"inline_models": ((Member, {"column_labels": {"name": "X"}}),)})
    with pytest.raises(Exception, match="has a screen of its own: declare column_labels there"):
        console(lambda: RecordView(Member), lambda: other(Club))
