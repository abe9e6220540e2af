"""Permissions of a plug-in, which its actions, its pages and its hooks ask for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_admin import BaseView, expose
from flask_admin.actions import action
from werkzeug.test import TestResponse

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.permissions import HOME_READ
from dashboard.records import Access, PageView, RecordView, Role, needs
from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds import check_kinds, client_as, store
from dashboard.testing.markup import read, record_form
from unit.consoles import SECRET_KEY
from unit.plugins.orders import LIST, NEEDED, Base, Order, OrderView, register
from unit.plugins.parts import fault, with_plugins


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a console with a database of its own."""
    url = f"sqlite:///{tmp_path}/console.sqlite3"
    return Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path)


def prepared(settings: Settings, register: Callable[[Any], None]) -> Flask:
    """A console with a plug-in and its tables."""
    app = with_plugins(settings, register)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


@pytest.fixture
def app(settings: Settings) -> Flask:
    """A console with one order."""
    app = prepared(settings, register)
    store(app, Order(name="Oak"))
    return app


def state(app: Flask) -> str | None:
    """The state of the order."""
    with app.app_context():
        return db.session.query(Order.state).scalar()


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form with a good token."""
    token = read(client.get(LIST).text).fields["csrf_token"]
    return client.post(f"{LIST}{path}/", data={"csrf_token": token, "rowid": "1", "id": "1", **fields})


def offered(client: FlaskClient) -> list[str]:
    """The labels of the actions above the list."""
    return [button.text for button in read(client.get(LIST).text).all("button", name="action")]


@pytest.mark.parametrize(("role", "holds"), [("editor", False), ("admin", True), ("owner", True)])
def test_action_is_offered_to_those_who_have_what_it_needs(app: Flask, role: str, holds: bool) -> None:
    labels = offered(client_as(app, role))
    assert ("Approve" in labels) == holds
    assert "Close" in labels


@pytest.mark.parametrize("sent", [{}, {"confirm": "1"}])
@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_forged_action_without_its_permission_is_refused(app: Flask, role: str, sent: dict[str, str]) -> None:
    assert send(client_as(app, role), "action", action="approve", **sent).status_code == 403
    assert state(app) == "new"


def test_action_is_done_for_those_who_have_what_it_needs(app: Flask) -> None:
    admin = client_as(app, "admin")
    fields = record_form(send(admin, "action", action="approve").text)
    assert is_redirect(admin.post(f"{LIST}action/", data=fields))
    assert state(app) == "approved"


@pytest.mark.parametrize(
    ("role", "status"), [(None, 302), ("viewer", 403), ("editor", 403), ("admin", 200), ("owner", 200)]
)
def test_page_answers_those_who_have_what_it_needs(app: Flask, role: str | None, status: int) -> None:
    for address in (f"{LIST}approvals/", "/admin/report/"):
        assert client_as(app, role).get(address).status_code == status


def test_page_that_writes_asks_for_its_permission_too(app: Flask) -> None:
    with app.app_context():
        db.session.query(Order).one().state = "approved"
        db.session.commit()
    assert send(client_as(app, "editor"), "reset").status_code == 403
    assert state(app) == "approved"
    assert is_redirect(send(client_as(app, "admin"), "reset"))
    assert state(app) == "new"


def test_page_of_no_kind_writes_and_the_history_has_it(app: Flask) -> None:
    for role, status, stored in (("editor", 403, "new"), ("admin", 200, "closed")):
        client = client_as(app, role)
        token = read(client.get(LIST).text).fields["csrf_token"]
        assert client.post("/admin/report/close/", data={}).status_code == 400
        assert client.post("/admin/report/close/", data={"csrf_token": token}).status_code == status
        assert state(app) == stored
    assert "closed" in client.get(f"{LIST}history/?id=1").text


def test_page_is_in_the_navigation_of_those_who_may_open_it(app: Flask) -> None:
    for role, holds in (("editor", False), ("admin", True)):
        links = read(client_as(app, role).get(LIST).text).all("nav")[0].all("a")
        assert ("Report" in [link.text for link in links]) == holds


def test_hook_asks_for_a_permission(app: Flask) -> None:
    for role, told in (("editor", True), ("admin", False)):
        client = client_as(app, role)
        form = record_form(client.get(f"{LIST}edit/?id=1").text)
        answer = client.post(f"{LIST}edit/?id=1", data={**form, "state": "approved"})
        assert ("You can&#39;t approve orders." in answer.text) == told
    assert state(app) == "approved"


def test_template_asks_for_a_permission(app: Flask) -> None:
    @app.get("/asks")
    def asks() -> str:
        return render_template_string("{{ may('approved_orders:approve') }}")

    told = [client_as(app, role).get("/asks").text for role in ("editor", "admin", None)]
    assert told == ["False", "True", "False"]


def test_checks_of_kinds_know_the_permissions_of_a_plugin(app: Flask) -> None:
    check_kinds(app, only=["access"], values={"approved_orders": lambda n: {"name": str(n), "state": "new"}})


class OpenAction(OrderView):
    """An action that answers everyone, whatever it needs."""

    def holds(self, access: Any) -> bool:
        return True if access == NEEDED else super().holds(access)


def test_checks_of_kinds_name_an_action_that_is_open(settings: Settings) -> None:
    def register(console: Any) -> None:
        console.permission(NEEDED, Role.ADMIN)
        console.add(OpenAction(Order))

    app = prepared(settings, register)
    with pytest.raises(AssertionError) as told:
        check_kinds(app, only=["access"])
    assert "The action approve is open for editor, expected: refused" in str(told.value)


# Declarations that stop the start.


class Unknown(OrderView):
    """An action that needs a permission which nobody added."""

    @action("fly", "Fly")
    @needs("orders:fly")
    def fly(self, ids: list[str]) -> None: ...


class Unguarded(BaseView):  # type: ignore[misc]
    """A page of Flask-Admin, which everyone could open."""

    @expose("/")
    def index(self) -> str:
        return "open"


class Forgotten(PageView):
    """A page that does not say what it needs."""

    @expose("/")
    def index(self) -> str:
        return "open"


@pytest.mark.parametrize(
    ("declare", "line"),
    [
        (lambda c: c.permission("approve", Role.ADMIN), "A permission is written resource:action"),
        (lambda c: c.permission("orders:approve", "boss"), "'boss' is not a valid Role"),
        (lambda c: c.permission(HOME_READ, Role.ADMIN), "There is a permission home:read already."),
        (
            lambda c: c.permission("orders:write", Role.ADMIN),
            "The roles of the screen orders say who has orders:write. Choose another word.",
        ),
        (
            lambda c: c.add(OrderView(Order)),
            f"OrderView needs {NEEDED}, which is no permission. Add it first.",
        ),
        (
            lambda c: [c.permission(NEEDED, Role.ADMIN), c.add(Unknown(Order))],
            "Unknown needs orders:fly, which is no permission. Add it first.",
        ),
        (
            lambda c: c.add_page(Unguarded(endpoint="x"), icon="box"),
            "Unguarded would be open to everyone. Derive it from PageView.",
        ),
        (
            lambda c: c.add_page(Forgotten(endpoint="x"), icon="box"),
            "Forgotten.index is open to nobody. Say what it needs.",
        ),
    ],
)
def test_permission_that_cannot_be_used_stops_the_start(
    settings: Settings, declare: Callable[[Any], Any], line: str
) -> None:
    assert line in fault(settings, declare)


def test_two_plugins_with_one_permission_clash_in_one_line(settings: Settings) -> None:
    def first(console: Any) -> None:
        console.permission("orders:approve", Role.ADMIN)

    assert fault(settings, first, first) == "ValueError: There is a permission orders:approve already."


def test_access_to_the_records_may_be_needed_too(settings: Settings) -> None:
    class Listed(RecordView):
        @needs(Access.EXPORT)
        @expose("/labels/")
        def labels(self) -> str:
            return "Labels"

    app = prepared(settings, lambda console: console.add(Listed(Order)))
    told = [client_as(app, role).get(f"{LIST}labels/").status_code for role in ("viewer", "editor")]
    assert told == [403, 200]


def test_name_that_is_no_permission_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="resource:action"):
        needs("approve")
