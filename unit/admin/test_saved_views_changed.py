"""Changing and deleting a saved view: by whom, and after another user changed it."""

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.listing.models import DefaultView
from dashboard.permissions import Role
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.admin.saved_views import LIST, fields_of, view_of, views
from unit.conftest import ClientAs, Submit
from unit.digest import database_digest

pytestmark = pytest.mark.usefixtures("lamp")  # a list has something to show


def test_changed_list_can_be_saved_in_its_view(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    key = view_of(app, "editor", query="status=draft&sort=name&size=25")
    editor = client_as("editor")
    assert "Save changes" not in editor.get(f"{LIST}?view={key}&size=25&status=draft&sort=name").text
    changed = f"{LIST}?view={key}&status=active&sort=name"
    assert "Save changes" in editor.get(changed).text
    answer = submit(editor, f"{LIST}views/update/", id=key, next=changed, version="1")
    assert answer.location == changed
    assert views(app)[0][1] == "status=active&sort=name&size=25"


def test_view_of_another_user_can_only_be_made_the_default(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    key = view_of(app, "admin", audience=Role.VIEWER)
    editor = client_as("editor")
    assert "Save changes" not in editor.get(f"{LIST}?view={key}&q=other").text
    assert 'name="name"' not in editor.get(f"{LIST}views/edit/?id={key}").text
    submit(editor, f"{LIST}views/edit/", id=key, name="Taken over", audience="", is_default="y")
    assert views(app) == [("Mine", "sort=name&size=25", "viewer")]
    assert editor.get(LIST).location.startswith(f"{LIST}?view={key}&")


@pytest.fixture
def overtaken(app: Flask, client_as: ClientAs, submit: Submit) -> tuple[str, dict[str, str]]:
    """The address of a view's form, and its fields as they were before an admin renamed the view."""
    address = f"{LIST}views/edit/?id={view_of(app, 'editor', audience=Role.VIEWER)}"
    form = fields_of(client_as("editor").get(address).text)
    submit(client_as("admin"), address, **{**form, "name": "Theirs"})
    return address, form


def test_unchanged_name_does_not_overwrite_a_new_name(
    app: Flask, client_as: ClientAs, submit: Submit, overtaken: tuple[str, dict[str, str]]
) -> None:
    address, form = overtaken
    assert is_redirect(submit(client_as("editor"), address, **{**form, "audience": "editor"}))
    assert views(app)[0][::2] == ("Theirs", "editor")


def test_view_renamed_by_two_users_is_saved_by_saving_again(
    app: Flask, client_as: ClientAs, submit: Submit, overtaken: tuple[str, dict[str, str]]
) -> None:
    address, form = overtaken
    answer = submit(client_as("editor"), address, **{**form, "name": "Yours"})
    assert "Another user changed view “Theirs” while you were editing (name)." in answer.text
    assert views(app)[0][0] == "Theirs"
    again = fields_of(answer.text)
    assert again["name"] == "Yours"
    assert is_redirect(submit(client_as("editor"), address, **again))
    assert views(app)[0][0] == "Yours"


def test_form_of_a_view_has_autocomplete_off(app: Flask, client_as: ClientAs) -> None:
    page = read(client_as("editor").get(f"{LIST}views/edit/?id={view_of(app, 'editor')}").text)
    [form] = [each for each in page.all("form") if each.all("input", name="opened")]
    assert form.attributes["autocomplete"] == "off"


@pytest.mark.parametrize("page", ["update", "delete"])
def test_forged_change_of_the_view_of_another_user_is_refused(
    app: Flask, client_as: ClientAs, submit: Submit, page: str
) -> None:
    shared, private = (view_of(app, "admin", n, audience=a) for n, a in (("A", Role.VIEWER), ("B", None)))
    editor = client_as("editor")
    before = database_digest(app)
    assert submit(editor, f"{LIST}views/{page}/", id=shared).status_code == 403
    assert submit(editor, f"{LIST}views/{page}/", id=private).status_code == 404
    assert database_digest(app) == before


def test_user_who_lost_the_right_to_share_keeps_the_audience(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    key = view_of(app, "viewer", audience=Role.VIEWER)
    viewer, path = client_as("viewer"), f"{LIST}views/edit/?id={key}"
    viewer.post(path, data={**record_form(viewer.get(path).text), "name": "Renamed"})
    assert views(app)[0][::2] == ("Renamed", "viewer")


def test_deleting_a_view_asks_first_and_removes_its_tab(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    key = view_of(app, "editor", audience=Role.VIEWER, opens_for="viewer")
    editor = client_as("editor")
    assert (
        "Others will lose it too. Your products aren&#39;t affected."
        in editor.get(f"{LIST}views/delete/?id={key}").text
    )
    question = record_form(editor.get(f"{LIST}views/delete/?id={key}").text)
    submit(editor, f"{LIST}views/delete/", **question.to_dict())
    assert flashes(editor.get(LIST).text) == [("success", "View “Mine” deleted.")]
    with app.app_context():
        assert db.session.scalar(select(DefaultView.view_id)) is None
    viewer = client_as("viewer")
    assert "This view was deleted" in viewer.get(f"{LIST}?view={key}&status=draft").text


@pytest.mark.parametrize("key", ["", "0", "-1", "x", "9" * 30, "\0", "2147483648"])
def test_unknown_view_is_404(client_as: ClientAs, submit: Submit, key: str) -> None:
    for page in ("edit", "update", "delete"):
        assert submit(client_as("owner"), f"{LIST}views/{page}/", id=key).status_code == 404
