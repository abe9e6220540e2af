"""The gate: users must be logged in and allowed, which is decided in the transaction that writes."""

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

ROLES = ("viewer", "editor", "admin", "owner")


class Undeclared(Gate, BaseView):  # type: ignore[misc]
    """A screen with one view without a permission."""

    @route("/", HOME_READ)
    def index(self) -> str:
        return "index"

    @expose("/forgotten/", methods=("GET", "POST"))
    def forgotten(self) -> str:
        raise AssertionError("nobody may come here")


class Silent(Gate, BaseView):  # type: ignore[misc]
    """A screen without any permission."""

    @expose("/")
    def index(self) -> str:
        raise AssertionError("nobody may come here")


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The console with two screens that lack permissions."""
    app = make_app()
    app.extensions["admin"][0].add_views(
        Undeclared(endpoint="undeclared", url="/admin/undeclared"),
        Silent(endpoint="silent", url="/admin/silent"),
    )
    return app


@pytest.mark.parametrize("role", ROLES)
def test_view_without_a_permission_is_open_to_nobody(role: str, client_as: ClientAs, submit: Submit) -> None:
    client = client_as(role)
    assert client.get("/admin/undeclared/").text == "index"
    assert client.get("/admin/undeclared/forgotten/").status_code == 403
    assert submit(client, "/admin/undeclared/forgotten/").status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_screen_without_a_permission_is_open_to_nobody(role: str, client_as: ClientAs) -> None:
    assert client_as(role).get("/admin/silent/").status_code == 403


@pytest.mark.parametrize(
    ("role", "screens"),
    [
        ("viewer", {"admin", "history", "jobs", "palette", "products", "categories", "revert"}),
        (
            "admin",
            {
                "admin",
                "history",
                "jobs",
                "palette",
                "products",
                "categories",
                "revert",
                "trash",
                "users",
                "security",
                "mail",
            },
        ),
    ],
)
def test_flask_admin_knows_which_screens_are_accessible(
    role: str, screens: set[str], app: Flask, client_as: ClientAs
) -> None:
    with client_as(role) as client:
        client.get("/admin/")
        opened = {view.endpoint for view in app.extensions["admin"][0]._views if view.is_accessible()}
    assert opened == screens


def test_redirect_to_log_in_keeps_the_whole_address(client: FlaskClient) -> None:
    answer = client.get("/admin/products/?q=oak&sort=-price")
    assert answer.location == "/login?next=%2Fadmin%2Fproducts%2F%3Fq%3Doak%26sort%3D-price"


Interfere = Callable[[str], None]


@pytest.fixture
def interfere(app: Flask, settings: Settings) -> Interfere:
    """`interfere(sql)` runs a statement after the account of a request was read and before its view runs."""

    def interfere(sql: str) -> None:
        engine = create_engine(settings.database_url)

        @app.before_request
        def _interfere() -> None:
            assert current_user.is_authenticated
            with engine.begin() as connection:
                connection.execute(text(sql))
            engine.dispose()

    return interfere


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("UPDATE users SET role = 'viewer'", 403),
        ("UPDATE users SET active = false", 403),
        ("DELETE FROM users", 409),
    ],
)
def test_right_lost_during_the_request_is_noticed(
    statement: str,
    status: int,
    client_as: ClientAs,
    interfere: Interfere,
    make: Make,
    submit: Submit,
    count: Count,
) -> None:
    key = make("products")
    editor = client_as("editor")
    interfere(statement)
    assert submit(editor, "/admin/products/delete/", id=str(key)).status_code == status
    assert count("products") == 1


def test_right_gained_during_the_request_counts(
    client_as: ClientAs, make: Make, submit: Submit, count: Count, interfere: Interfere
) -> None:
    key = make("products")
    viewer = client_as("viewer")
    interfere("UPDATE users SET role = 'editor'")
    assert is_redirect(submit(viewer, "/admin/products/delete/", id=str(key)))
    assert count("products") == 0
