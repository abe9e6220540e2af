"""The one gate: logged in and allowed by name, decided where it is acted upon; the rest is denied."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_admin import BaseView, expose
from flask_login import current_user
from sqlalchemy import create_engine, text

from dashboard.admin.kit.gate import Gate, route
from dashboard.config import Settings
from dashboard.permissions import HOME_READ
from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Count, Make
from unit.conftest import ClientAs, MakeApp, Submit

EVERYBODY = ("viewer", "editor", "admin", "owner")


class Undeclared(Gate, BaseView):  # type: ignore[misc]
    """A screen whose author forgot the permissions of one view and of a whole screen."""

    @route("/", HOME_READ)
    def index(self) -> str:
        return "index"

    @expose("/forgotten/", methods=("GET", "POST"))
    def forgotten(self) -> str:
        raise AssertionError("nobody may come here")


class Silent(Gate, BaseView):  # type: ignore[misc]
    """A screen that names no permission at all."""

    @expose("/")
    def index(self) -> str:
        raise AssertionError("nobody may come here")


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The console with two screens that forget their permissions."""
    app = make_app()
    app.extensions["admin"][0].add_views(
        Undeclared(endpoint="undeclared", url="/admin/undeclared"),
        Silent(endpoint="silent", url="/admin/silent"),
    )
    return app


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_view_that_is_not_named_is_open_to_nobody(role: str, client_as: ClientAs, submit: Submit) -> None:
    client = client_as(role)
    assert client.get("/admin/undeclared/").text == "index"
    assert client.get("/admin/undeclared/forgotten/").status_code == 403
    assert submit(client, "/admin/undeclared/forgotten/").status_code == 403


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_screen_that_names_no_permission_is_open_to_nobody(role: str, client_as: ClientAs) -> None:
    assert client_as(role).get("/admin/silent/").status_code == 403


@pytest.mark.parametrize(
    ("role", "screens"),
    [
        ("viewer", {"admin", "history", "palette", "products", "categories", "revert"}),
        ("admin", {"admin", "history", "palette", "products", "categories", "revert", "trash", "users"}),
    ],
)
def test_flask_admin_is_told_which_screens_can_be_opened(
    role: str, screens: set[str], app: Flask, client_as: ClientAs
) -> None:
    with client_as(role) as client:
        client.get("/admin/")
        opened = {view.endpoint for view in app.extensions["admin"][0]._views if view.is_accessible()}
    assert opened == screens


def test_the_way_to_log_in_leads_back_to_the_address_with_its_state(client: FlaskClient) -> None:
    answer = client.get("/admin/products/?q=oak&sort=-price")
    assert answer.location == "/login?next=%2Fadmin%2Fproducts%2F%3Fq%3Doak%26sort%3D-price"


Meanwhile = Callable[[str], None]


@pytest.fixture
def meanwhile(app: Flask, settings: Settings) -> Meanwhile:
    """`meanwhile(sql)` runs a statement after a request's account was read and before its view is."""

    def meanwhile(sql: str) -> None:
        engine = create_engine(settings.database_url)

        @app.before_request
        def _interfere() -> None:
            assert current_user.is_authenticated
            with engine.begin() as connection:
                connection.execute(text(sql))
            engine.dispose()

    return meanwhile


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("UPDATE users SET role = 'viewer'", 403),
        ("UPDATE users SET active = false", 403),
        ("DELETE FROM users", 409),
    ],
)
def test_who_lost_the_right_a_moment_ago_changes_nothing_any_more(
    statement: str,
    status: int,
    client_as: ClientAs,
    meanwhile: Meanwhile,
    make: Make,
    submit: Submit,
    count: Count,
) -> None:
    key = make("products")
    editor = client_as("editor")
    meanwhile(statement)
    assert submit(editor, "/admin/products/delete/", id=str(key)).status_code == status
    assert count("products") == 1


def test_a_role_given_a_moment_ago_counts_at_once(
    client_as: ClientAs, make: Make, submit: Submit, count: Count, meanwhile: Meanwhile
) -> None:
    key = make("products")
    viewer = client_as("viewer")
    meanwhile("UPDATE users SET role = 'editor'")
    assert is_redirect(submit(viewer, "/admin/products/delete/", id=str(key)))
    assert count("products") == 0
