"""Collections of other records in forms: typed, checked, merged, recorded and undone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.bounds import LINKS
from dashboard.extensions import db
from dashboard.history.models import Action, Change
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, flashes, read, record_form
from unit.record_view.conftest import logged_in
from unit.record_view.kinds import Post, Tag
from unit.record_view.posts import EDIT, POSTS, TAGS, cells, save, tags_of, undo_last
from unit.record_view.stored import confirm

pytestmark = pytest.mark.both_databases


@pytest.fixture
def editor(posts: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(posts, "editor")


def test_form_names_the_records_one_a_line(editor: FlaskClient) -> None:
    assert record_form(editor.get(EDIT).text)["tags"].split() == ["Blue", "Red"]


def test_typed_lines_are_the_records_afterwards(posts: Flask, editor: FlaskClient) -> None:
    assert is_redirect(save(editor, tags="Red\r\n\r\n  Green \r\nRed\r\n4"))
    assert tags_of(posts) == ["Green", "Red", "Yellow"]


def test_blank_field_removes_all_records(posts: Flask, editor: FlaskClient) -> None:
    assert is_redirect(save(editor, tags=""))
    assert tags_of(posts) == []


def test_form_without_the_field_leaves_the_records(posts: Flask, editor: FlaskClient) -> None:
    fields = record_form(editor.get(EDIT).text)
    del fields["tags"]
    assert is_redirect(editor.post(EDIT, data={**fields, "title": "New"}))
    assert tags_of(posts) == ["Blue", "Red"]


def test_new_record_gets_its_collection(posts: Flask, editor: FlaskClient) -> None:
    fields = record_form(editor.get(f"{POSTS}/new/").text)
    assert is_redirect(editor.post(f"{POSTS}/new/", data={**fields, "title": "Third", "tags": "Red"}))
    assert tags_of(posts, 3) == ["Red"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Blue\nPink", "No tag is called “Pink”."),
        (
            "Pink\nBlack\nWhite\nGrey\nBrown",
            "No tag is called “Pink”. No tag is called “Black”. No tag is called “White”."
            " 2 more cannot be read.",
        ),
        ("Blue\n99", "No tag is called “99”."),
        ("Blue\nRe\0d", "No tag is called that."),
        ("Blue\n" + "x" * 301, "Use at most 300 characters; this has 301."),
        ("\n".join(map(str, range(LINKS + 1))), f"Enter at most {LINKS} records; these are {LINKS + 1}."),
    ],
)
def test_line_that_no_record_has_is_an_error_and_stays(
    posts: Flask, editor: FlaskClient, typed: str, said: str
) -> None:
    answer = save(editor, tags=typed)
    assert answer.status_code == 200
    assert field_errors(answer.text) == {"tags": said}
    assert record_form(answer.text)["tags"].replace("\0", "").split() == typed.replace("\0", "").split()
    assert tags_of(posts) == ["Blue", "Red"]


def test_name_that_several_have_is_shown_and_taken_by_its_key(posts: Flask, editor: FlaskClient) -> None:
    with posts.app_context():
        db.session.add(Tag(name="Blue"))
        db.session.commit()
    assert record_form(editor.get(EDIT).text)["tags"].split() == ["1", "Red"]
    assert field_errors(save(editor, tags="Blue").text)["tags"].startswith("More than one tag is called")
    assert is_redirect(save(editor, title="Untouched"))
    assert tags_of(posts) == ["Blue", "Red"]


def test_name_that_is_the_key_of_another_is_shown_by_its_key(posts: Flask, editor: FlaskClient) -> None:
    with posts.app_context():
        db.session.get_one(Tag, 3).name = "2"
        db.session.commit()
    assert is_redirect(save(editor, title="Untouched"))
    assert tags_of(posts) == ["2", "Blue"]


def test_change_is_recorded_by_names_and_undone(posts: Flask, editor: FlaskClient) -> None:
    save(editor, tags="Green")
    page = read(editor.get(f"{POSTS}/details/?id=1").text)
    [edited] = [each for each in page.all("a") if each.text == "Edited"]
    lines = read(editor.get(edited.attributes["href"]).text).all("main")[0].text
    assert "Tags Blue, Red → Green" in lines, lines
    assert is_redirect(undo_last(editor))
    assert tags_of(posts) == ["Blue", "Red"]


def test_unchanged_save_leaves_no_line(posts: Flask, editor: FlaskClient) -> None:
    assert is_redirect(save(editor))
    with posts.app_context():
        assert not [*db.session.scalars(select(Change).where(Change.action == Action.CHANGE))]


def test_deletion_and_undo_bring_the_links_back(posts: Flask, editor: FlaskClient) -> None:
    assert is_redirect(confirm(editor, f"{POSTS}/delete/?id=1"))
    assert tags_of(posts) == []
    assert is_redirect(undo_last(editor))
    assert tags_of(posts) == ["Blue", "Red"]


def merged(posts: Flask, editor: FlaskClient, mine: dict[str, str], theirs: dict[str, str]) -> TestResponse:
    """The answer to `mine`, typed before another user saved `theirs`."""
    opened = record_form(editor.get(EDIT).text)
    assert is_redirect(save(logged_in(posts, "admin"), **theirs))
    return editor.post(EDIT, data={**opened, **mine})


def test_collection_and_title_changed_by_two_are_merged(posts: Flask, editor: FlaskClient) -> None:
    merge = merged(posts, editor, {"title": "Mine"}, {"tags": "Green"})
    assert merge.status_code == 409
    assert is_redirect(editor.post(EDIT, data=record_form(merge.text)))
    assert tags_of(posts) == ["Green"]
    assert list(cells(editor)) == ["Second", "Mine"]


def test_two_who_change_a_collection_choose_by_names(posts: Flask, editor: FlaskClient) -> None:
    merge = merged(posts, editor, {"tags": "Yellow\nBlue"}, {"tags": "Green"})
    assert merge.status_code == 409
    main = read(merge.text).all("main")[0].text
    assert "Blue, Yellow" in main and "Green" in main and "Blue, Red" in main
    [mine, *_] = read(merge.text).all("input", type="radio", name="tags")
    chosen = {**record_form(merge.text), "tags": mine.attributes["value"]}
    assert is_redirect(editor.post(EDIT, data=chosen))
    assert tags_of(posts) == ["Blue", "Yellow"]


def test_record_with_more_than_a_form_takes_is_saved_without_them(posts: Flask, editor: FlaskClient) -> None:
    with posts.app_context():
        db.session.get_one(Post, 1).tags = [Tag(name=f"Tag {number}") for number in range(LINKS + 1)]
        db.session.commit()
    page = editor.get(EDIT).text
    assert f"{LINKS + 1} tags, more than can be edited here." in page
    fields = record_form(page)
    fields.pop("tags", None)
    assert is_redirect(editor.post(EDIT, data={**fields, "title": "New"}))
    assert len(tags_of(posts)) == LINKS + 1


def test_tag_deleted_while_typing_is_told_and_nothing_is_saved(posts: Flask, editor: FlaskClient) -> None:
    opened = record_form(editor.get(EDIT).text)
    confirm(logged_in(posts, "admin"), f"{TAGS}/delete/?id=2")
    answer = editor.post(EDIT, data={**opened, "tags": "Blue\nGreen"})
    assert field_errors(answer.text) == {"tags": "No tag is called “Green”."}
    assert flashes(answer.text) == []
    assert tags_of(posts) == ["Blue", "Red"]
