"""The examples of docs/plugins.md, run as they are written."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.cli import main
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds import client_as, store
from dashboard.testing.markup import read, record_form
from dashboard.variables import SettingsError
from unit.consoles import SECRET_KEY
from unit.documents import section
from unit.plugins.conftest import Write
from unit.plugins.parts import with_plugins

LIST = "/admin/page_orders/"


class Base(DeclarativeBase):
    """The tables of these tests."""


class Order(Base):
    """A record, which the examples of the page are about."""

    __tablename__ = "page_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="new")
    days: Mapped[int | None]


def source(title: str) -> str:
    """The Python under a heading, which is about orders."""
    [found] = re.findall(r"```python\n(.*?)```", section("docs/plugins.md", title), re.S)
    return str(found)


def example(title: str) -> dict[str, Any]:
    """The names of the Python under a heading."""
    names = {**vars(ModuleType("shop")), "Order": Order}
    exec(source(title), names)
    return names


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a console with a database of its own."""
    url = f"sqlite:///{tmp_path}/console.sqlite3"
    return Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path)


def started(settings: Settings, title: str, folder: Path) -> Flask:
    """A console with the example under a heading, its table, two orders and a template."""
    names = example(title)
    template = folder / "templates" / "shop" / "report.html"
    template.parent.mkdir(parents=True)
    template.write_text('{% extends "admin/master.html" %}{% block content %}All is sold.{% endblock %}')

    def register(console: Any) -> None:
        names["register"](console)
        console.templates(folder / "templates")

    app = with_plugins(settings, register)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    store(app, Order(name="Oak"), Order(name="Elm", state="approved"))
    return app


@pytest.fixture
def approving(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """A console with the example of permissions."""
    app = started(settings, "Permissions of its own", tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()


def states(app: Flask) -> list[str]:
    """The states of the orders."""
    with app.app_context():
        return list(db.session.scalars(db.select(Order.state).order_by(Order.id)))


def test_order_of_the_page_is_approved_by_an_admin_alone(approving: Flask) -> None:
    for role, told in (("editor", 403), ("admin", 200)):
        client = client_as(approving, role)
        token = read(client.get(LIST).text).fields["csrf_token"]
        sent = {"csrf_token": token, "action": "approve", "rowid": "1"}
        answer = client.post(f"{LIST}action/", data=sent)
        assert answer.status_code == told
    assert is_redirect(client.post(f"{LIST}action/", data=record_form(answer.text)))
    assert states(approving) == ["approved", "approved"]


def test_approved_order_of_the_page_is_deleted_by_an_admin_alone(approving: Flask) -> None:
    for role, left in (("editor", 2), ("admin", 1)):
        client, address = client_as(approving, role), f"{LIST}delete/?id=2"
        client.post(address, data=record_form(client.get(address).text))
        assert len(states(approving)) == left


def test_report_of_the_page_opens_for_editors(approving: Flask) -> None:
    assert client_as(approving, "viewer").get("/admin/report/").status_code == 403
    assert "All is sold." in client_as(approving, "editor").get("/admin/report/").text


def test_setting_of_the_page_is_read_by_a_hook(settings: Settings, tmp_path: Path) -> None:
    variables = {"SHOP_API_KEY": "x", "SHOP_MOST_DAYS": "30"}
    app = started(replace(settings, environment=variables), "Settings of its own", tmp_path)
    editor, address = client_as(app, "editor"), f"{LIST}edit/?id=1"
    form = record_form(editor.get(address).text)
    assert "An order takes at most 30 days." in editor.post(address, data={**form, "days": "31"}).text
    assert is_redirect(editor.post(address, data={**form, "days": "30"}))


def test_setting_of_the_page_that_is_required_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as told:
        started(settings, "Settings of its own", tmp_path)
    assert told.value.lines == ["SHOP_API_KEY is required."]


def test_doctor_says_what_the_page_about_operating_shows(tmp_path: Path, folder: Path, write: Write) -> None:
    order = "from unit.plugins.test_plugins_page import Order"
    write("shop", f"{order}\n{source('Settings of its own')}")
    shown = section("docs/operating.md", "Settings")
    sent = dict(re.findall(r"^    export (\w+)=(\w+)", shown, re.M))
    [line] = re.findall(r"^    dashboard doctor +# (.+)$", shown, re.M)
    variables = {"DASHBOARD_INSTANCE": str(tmp_path), "DASHBOARD_PLUGINS": "shop", "SHOP_API_KEY": "x"}
    told = CliRunner().invoke(main, ["doctor"], env={**variables, **sent})
    assert line in told.output.splitlines()
