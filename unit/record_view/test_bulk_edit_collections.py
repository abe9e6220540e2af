"""Adding to the collections of many records, and removing from them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from dashboard.bounds import LINKS
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import logged_in
from unit.record_view.kinds import Post, Tag
from unit.record_view.posts import POSTS, tags_of, undo_last

pytestmark = pytest.mark.both_databases


@pytest.fixture
def editor(posts: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(posts, "editor")


def preview(client: FlaskClient, **changes: str) -> TestResponse:
    """The answer to the form that edits both posts together."""
    token = read(client.get(f"{POSTS}/").text).fields["csrf_token"]
    form = client.post(f"{POSTS}/action/", data={"csrf_token": token, "action": "edit", "rowid": ["1", "2"]})
    return client.post(f"{POSTS}/action/", data={**record_form(form.text).to_dict(flat=False), **changes})


def confirm(client: FlaskClient, page: TestResponse) -> TestResponse:
    """The answer to a preview that is confirmed."""
    fields = record_form(page.text).to_dict(flat=False)
    return client.post(f"{POSTS}/action/", data={**fields, "confirm": "1"})


def test_records_are_added_to_every_collection(posts: Flask, editor: FlaskClient) -> None:
    page = preview(editor, **{"tags-how": "add", "tags": "Red\nGreen"})
    main = read(page.text).all("main")[0].text
    assert "Blue, Red" in main
    assert "Blue, Green, Red" in main
    assert is_redirect(confirm(editor, page))
    assert (tags_of(posts), tags_of(posts, 2)) == (["Blue", "Green", "Red"], ["Green", "Red"])


def test_records_are_removed_from_the_collections_that_have_them(posts: Flask, editor: FlaskClient) -> None:
    page = preview(editor, **{"tags-how": "remove", "tags": "Red"})
    assert is_redirect(confirm(editor, page))
    assert (tags_of(posts), tags_of(posts, 2)) == (["Blue"], [])
    assert is_redirect(undo_last(editor))
    assert tags_of(posts) == ["Blue", "Red"]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"tags": "Red"}, {"tags-how": "Choose what to do with Red."}),
        ({"tags-how": "add"}, {"tags": "Enter what to add."}),
        ({"tags-how": "remove", "tags": "Pink"}, {"tags": "No tag is called “Pink”."}),
    ],
)
def test_form_that_cannot_be_previewed_is_shown_again(
    posts: Flask, editor: FlaskClient, changes: dict[str, str], errors: dict[str, str]
) -> None:
    assert field_errors(preview(editor, **changes).text) == errors
    assert tags_of(posts) == ["Blue", "Red"]


def test_collection_that_would_be_too_long_is_skipped(posts: Flask, editor: FlaskClient) -> None:
    with posts.app_context():
        db.session.get_one(Post, 1).tags = [Tag(name=f"Tag {number}") for number in range(LINKS)]
        db.session.commit()
    page = preview(editor, **{"tags-how": "add", "tags": "Red"})
    assert f"It would have {LINKS + 1:,}" in read(page.text).all("main")[0].text
    confirm(editor, page)
    assert (len(tags_of(posts)), tags_of(posts, 2)) == (LINKS, ["Red"])


def test_tag_that_was_deleted_since_the_preview_changes_nothing(posts: Flask, editor: FlaskClient) -> None:
    page = preview(editor, **{"tags-how": "add", "tags": "Green"})
    with posts.app_context():
        db.session.connection().execute(delete(Tag.__table__).where(Tag.name == "Green"))
        db.session.commit()
    assert not is_redirect(confirm(editor, page))
    assert (tags_of(posts), tags_of(posts, 2)) == (["Blue", "Red"], [])
