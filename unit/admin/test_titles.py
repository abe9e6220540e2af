"""Every form with a name refuses one that is invisible, with an error at its field."""

import pytest
from flask.testing import FlaskClient

from dashboard.testing.accounts import PASSWORD
from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Make, Stored
from unit.admin.reading import record_form
from unit.admin.screens import SCREENS
from unit.conftest import ClientAs, Submit

INVISIBLE = ["\u3164", "\u2800", "\ufe0f", "\u034f"]
NEW = {f"{screen.path}new/": screen.new for screen in SCREENS}
NEW["/admin/products/views/new/"] = {"name": "", "audience": ""}
NEW["/profile"] = {"name": "", "mode": "dark"}


@pytest.mark.parametrize("name", INVISIBLE)
@pytest.mark.parametrize("path", NEW)
def test_invisible_name_is_refused_by_every_form(
    path: str, name: str, owner: FlaskClient, submit: Submit
) -> None:
    answer = submit(owner, path, **{**NEW[path], "name": name})
    assert answer.status_code == 200
    assert "Name: Enter a name that can be seen." in answer.text


@pytest.mark.parametrize("path", NEW)
def test_name_with_a_joiner_is_accepted_by_every_form(path: str, owner: FlaskClient, submit: Submit) -> None:
    assert is_redirect(submit(owner, path, **{**NEW[path], "name": "क्\u200dष"}))


@pytest.mark.parametrize("screen", ["products", "categories", "users"])
def test_record_cannot_get_an_invisible_name(
    screen: str, owner: FlaskClient, submit: Submit, make: Make, stored: Stored
) -> None:
    key = make(screen)
    path, before = f"/admin/{screen}/edit/?id={key}", stored(screen, key)
    new = next(each.new for each in SCREENS if each.name == screen)
    version = record_form(owner.get(path).text)["dashboard-version"]
    answer = submit(owner, path, **{**new, "name": "\u3164", "dashboard-version": version})
    assert "Name: Enter a name that can be seen." in answer.text
    assert stored(screen, key) == before


@pytest.mark.parametrize("path", ["/profile", "/admin/users/new/", "/admin/users/edit/"])
def test_name_that_reads_like_another_email_is_refused_at_its_field(
    path: str, client_as: ClientAs, submit: Submit, make: Make
) -> None:
    admin = client_as("admin")
    if path.endswith("edit/"):
        path += f"?id={make('users')}"
    fields = {"email": "kim@example.test", "password": PASSWORD, "confirm": PASSWORD}
    version = record_form(admin.get(path).text).get("dashboard-version", "")
    answer = submit(
        admin,
        path,
        name="owner\uff20example.test",
        mode="dark",
        role="viewer",
        **{"dashboard-version": version},
        **fields,
    )
    assert answer.status_code == 200
    assert "Name: A name can&#39;t contain an email other than the account&#39;s own." in answer.text
    assert "owner\uff20example.test" in answer.text
    assert "owner\uff20example.test" not in admin.get("/admin/users/").text


def test_name_with_the_own_email_is_accepted(client_as: ClientAs, submit: Submit) -> None:
    viewer = client_as("viewer")
    answer = submit(viewer, "/profile", name="Vi (viewer@example.test)", mode="dark")
    assert is_redirect(answer)
    assert "Vi (viewer@example.test)" in viewer.get("/profile").text
