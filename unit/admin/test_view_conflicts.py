"""Two users who change one saved view: the second is asked."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product
from unit.admin.reading import flashes, read, record_form
from unit.admin.saved_views import views
from unit.conftest import ClientAs, Submit
from unit.factories.listing import a_view

CHANGED = (
    "View “Theirs” has changed since you opened this page. Nothing was changed. Review it and try again."
)


@pytest.fixture
def view(app: Flask) -> int:
    """A view that its owner and admins may change."""
    with app.app_context():
        a_product("Oak Lamp")  # a list that holds nothing shows no views
        key = int(a_view(the_account("editor"), name="Mine", audience=Role.VIEWER).id)
        db.session.commit()
    return key


def rename_view(client: FlaskClient, key: int, name: str) -> None:
    path = f"/admin/products/views/edit/?id={key}"
    client.post(path, data={**record_form(client.get(path).text), "name": name})


def test_second_to_rename_a_view_is_asked(client_as: ClientAs, view: int) -> None:
    path = f"/admin/products/views/edit/?id={view}"
    editor, admin = client_as("editor"), client_as("admin")
    form = record_form(editor.get(path).text)
    rename_view(admin, view, "Theirs")
    answer = editor.post(path, data={**form, "name": "Mine, better"})
    assert answer.status_code == 409
    assert "Another user changed view “Theirs” while you were editing (name)." in answer.text
    again = record_form(answer.text)
    assert again["name"] == "Mine, better"
    assert is_redirect(editor.post(path, data=again))


def test_view_changed_after_the_question_is_not_deleted(app: Flask, client_as: ClientAs, view: int) -> None:
    path = f"/admin/products/views/delete/?id={view}"
    editor, admin = client_as("editor"), client_as("admin")
    form = record_form(editor.get(path).text)
    rename_view(admin, view, "Theirs")
    answer = editor.post(path, data=form)
    assert flashes(editor.get(answer.location).text) == [("error", CHANGED)]
    assert [name for name, *_ in views(app)] == ["Theirs"]


def test_list_loaded_before_its_view_changed_does_not_overwrite_it(
    app: Flask, client_as: ClientAs, view: int
) -> None:
    editor, admin = client_as("editor"), client_as("admin")
    page = read(editor.get(f"/admin/products/?view={view}&sort=price&q=oak").text)
    form = next(each for each in page.all("form") if "/views/update/" in each.attributes.get("action", ""))
    rename_view(admin, view, "Theirs")
    before = views(app)
    answer = editor.post(form.attributes["action"], data=form.fields)
    assert flashes(editor.get(answer.location).text) == [("error", CHANGED)]
    assert views(app) == before


@pytest.mark.parametrize("version", [None, "", "x", "1" * 30])
def test_view_update_without_a_valid_version_is_400(
    version: str | None, client_as: ClientAs, submit: Submit, view: int
) -> None:
    fields = {} if version is None else {"version": version}
    answer = submit(client_as("editor"), f"/admin/products/views/update/?id={view}", **fields)
    assert answer.status_code == 400
    assert "Reload it." in answer.text


@pytest.mark.parametrize("is_ticked", [True, False])
def test_default_view_chosen_in_another_tab_is_kept(is_ticked: bool, client_as: ClientAs, view: int) -> None:
    path, editor = f"/admin/products/views/edit/?id={view}", client_as("editor")
    first = {name: text for name, text in record_form(editor.get(path).text).items() if name != "is_default"}
    ticks = {True: {"is_default": "y"}, False: dict[str, str]()}
    assert is_redirect(editor.post(path, data={**first, **ticks[not is_ticked]}))
    stale = record_form(editor.get(path).text).to_dict()
    rest = {name: text for name, text in stale.items() if name != "is_default"}
    assert is_redirect(editor.post(path, data={**rest, **ticks[is_ticked]}))
    assert is_redirect(editor.post(path, data={**stale, "name": "Mine, better"}))
    now = record_form(editor.get(path).text)
    assert ("is_default" in now, now["name"]) == (is_ticked, "Mine, better")
