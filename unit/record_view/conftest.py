"""Consoles with screens of mapped classes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.permissions import Access, Role
from dashboard.testing.clients import log_in
from unit.consoles import console_over
from unit.record_view.clubs import ClubView
from unit.record_view.kinds import Base, Club, Country, Member, Post, Supplier, Tag
from unit.record_view.posts import PostView, filled

With = Callable[..., Flask]
As = Callable[[str], FlaskClient]


def plugin(*views: Any) -> ModuleType:
    """A plug-in that adds views: classes or functions that take nothing and return a view."""
    module = ModuleType("own_plugin")
    module.register = lambda console: [console.add(view(), icon="box") for view in views]  # type: ignore[attr-defined]
    return module


@pytest.fixture
def console(settings: Settings) -> Iterator[With]:
    """`console(view, …)` is a console with more screens, whose tables are empty."""
    with ExitStack() as made:
        yield lambda *views: made.enter_context(console_over(settings, plugin(*views), Base))


@pytest.fixture
def suppliers(console: With) -> Flask:
    """A console with suppliers, declared by nothing but their class, and four of them."""
    app = console(lambda: RecordView(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add_all(
            [
                Supplier(name="Oak & Sons", city="Bonn", country_code="de", rating=4.5, notes="Long\ntext"),
                Supplier(name="Elm", active=False, api_key="of nobody's business"),
                Supplier(name="Ash", city="köln", grade="SECOND"),
            ]
        )
        db.session.flush()
        db.session.add(Supplier(name="Birch", parent_id=1))
        db.session.commit()
    return app


@pytest.fixture
def as_role(suppliers: Flask) -> As:
    """`as_role(role)` is a browser that is logged in to the console with suppliers."""
    return lambda role: logged_in(suppliers, role)


def logged_in(app: Flask, role: str) -> FlaskClient:
    """A browser that is logged in as a user with this role."""
    client = app.test_client()
    log_in(client, role)
    return client


class Secretive(RecordView):
    """Records that only admins may see."""

    roles = {Access.READ: Role.ADMIN, Access.WRITE: Role.ADMIN, Access.EXPORT: Role.ADMIN}  # noqa: RUF012


class Guarded(RecordView):
    """Suppliers with rules, and without those that are not active."""

    called: list[str] = []  # noqa: RUF012

    def get_query(self) -> Any:
        return super().get_query().filter(Supplier.active)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if model.rating and model.rating > 5:
            raise ValueError("A rating is at most 5.")
        self.called.append(f"change {model.name} {is_created}")

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        self.called.append(f"after {model.id}")
        if model.city == "Nowhere":
            raise RuntimeError("fails")


@pytest.fixture
def guarded(console: With) -> Flask:
    """A console with guarded suppliers."""
    app = console(lambda: Guarded(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(name="Oak"), Supplier(name="Elm", active=False)])
        db.session.commit()
    Guarded.called.clear()
    return app


@pytest.fixture
def clubs(console: With) -> Flask:
    """A console with two clubs, the first of which has two members."""
    app = console(lambda: ClubView(Club))
    with app.app_context():
        db.session.add_all([Club(name="Chess"), Club(name="Go")])
        db.session.flush()
        people = (("Bob", 2), ("Ann", 1))
        db.session.add_all([Member(name=name, place=place, club_id=1) for name, place in people])
        db.session.commit()
    return app


@pytest.fixture
def editor(clubs: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(clubs, "editor")


@pytest.fixture
def posts(console: With) -> Flask:
    """A console with two posts, the first of which has the tags Blue and Red."""
    return filled(console, lambda: PostView(Post), lambda: RecordView(Tag))


class WithSuppliers(RecordView):
    """Countries with their suppliers."""

    inline_models = (Supplier,)


def with_supplier(console: With, view: type[RecordView], **values: Any) -> Flask:
    """A console whose suppliers have the screen `view`, with one that has these values, in a country."""
    app = console(lambda: view(Supplier), lambda: WithSuppliers(Country))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add(Supplier(name="Oak", country_code="de", **values))
        db.session.commit()
    return app
