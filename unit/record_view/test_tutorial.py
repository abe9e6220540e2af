"""The tutorial of own records, run as it is written."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from dashboard.admin.record_view.view import RecordView
from dashboard.app import create_app
from dashboard.cli import main
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form, row_titles
from unit.consoles import SECRET_KEY, prepared
from unit.record_view.conftest import With, logged_in

PAGE = Path(__file__).parents[2] / "docs" / "own-records.md"
AT = "/admin/suppliers"


def blocks() -> list[str]:
    """The Python of the page."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The files of the tutorial, imported."""
    model, migration, *_ = blocks()
    (tmp_path / "migrations").mkdir()
    (tmp_path / "shop.py").write_text(model, encoding="utf-8")
    (tmp_path / "migrations" / "shop_0001.py").write_text(migration, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("shop")
    del sys.modules["shop"]


@pytest.fixture
def client(shop: ModuleType, tmp_path: Path) -> Iterator[Any]:
    """An owner at the console of the tutorial, whose database its command upgraded."""
    variables = {"DASHBOARD_INSTANCE": str(tmp_path), "DASHBOARD_PLUGINS": "shop"}
    told = CliRunner().invoke(main, ["db", "upgrade"], env=variables)
    assert (told.exit_code, told.output) == (0, "The database is up to date.\n")
    url = f"sqlite:///{tmp_path}/dashboard.sqlite3"
    settings = Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path)
    app = prepared(create_app(settings, [shop]))
    yield logged_in(app, "owner")
    with app.app_context():
        db.engine.dispose()


def test_first_own_record_is_created_listed_and_found(client: Any) -> None:
    form = record_form(client.get(f"{AT}/new/").text)
    assert [name for name in form if not name.startswith(("csrf", "dashboard-"))] == [
        "name", "city", "discount", "since", "active", "notes", "parent_id",
    ]  # fmt: skip
    sent = {**form, "name": "Oak & Sons", "city": "Bonn", "discount": "2.5", "since": "2026-01-31"}
    assert is_redirect(client.post(f"{AT}/new/", data=sent))
    html = client.get(f"{AT}/?q=bonn").text
    assert row_titles(html) == ["Oak & Sons"]
    assert [head.text for head in read(html).all("thead")[0].all("th")][1:5] == [
        "Name", "City", "Discount", "Active",
    ]  # fmt: skip
    places = client.get("/admin/palette/").json["groups"]
    assert "Suppliers" in [item["label"] for item in places[0]["items"]]


def test_hooks_of_the_tutorial_narrow_and_refuse(shop: ModuleType, tmp_path: Path) -> None:
    names = {**vars(shop)}
    exec(blocks()[2], names)
    view = names["ActiveSupplierView"]
    assert issubclass(view, RecordView)

    def register(console: Any) -> None:
        console.add(view(shop.Supplier, name="Suppliers"))

    module = ModuleType("own")
    module.register = register  # type: ignore[attr-defined]
    url = f"sqlite:///{tmp_path}/dashboard.sqlite3"
    app = prepared(create_app(Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path), [module]))
    CliRunner().invoke(main, ["db", "upgrade"], env={"DASHBOARD_INSTANCE": str(tmp_path)})
    with app.app_context():
        shop.Base.metadata.create_all(db.engine)
        db.session.add_all([shop.Supplier(name="Oak"), shop.Supplier(name="Elm", active=False)])
        db.session.commit()
    client = logged_in(app, "owner")
    assert row_titles(client.get(f"{AT}/").text) == ["Oak"]
    form = record_form(client.get(f"{AT}/new/").text)
    answer = client.post(f"{AT}/new/", data={**form, "name": "Ash", "discount": "31"})
    assert "A discount is at most 30." in answer.text
    assert field_errors(answer.text) == {}
    with app.app_context():
        db.engine.dispose()


def test_contacts_of_the_tutorial_are_edited_with_their_supplier(shop: ModuleType, console: With) -> None:
    names = {**vars(shop)}
    exec(blocks()[3], names)
    app = console(lambda: names["SupplierWithContactsView"](shop.Supplier))
    with app.app_context():
        shop.Base.metadata.create_all(db.engine)
    owner = logged_in(app, "owner")
    rows = {"contacts-+1-name": "Ann", "contacts-+1-phone": "1", "contacts-+2-name": "Bob"}
    form = record_form(owner.get(f"{AT}/new/").text)
    assert is_redirect(owner.post(f"{AT}/new/", data={**form, "name": "Oak & Sons", **rows}))
    page = owner.get(f"{AT}/edit/?id=1").text
    assert [each.text for each in read(page).all("section", class_="rows")[0].all("legend")][:2] == [
        "Ann",
        "Bob",
    ]


def test_list_of_the_tutorial_reaches_parents_and_contacts(shop: ModuleType, console: With) -> None:
    names = {**vars(shop)}
    exec(blocks()[3], names)
    exec(blocks()[4], names)
    app = console(lambda: names["SupplierOfParentView"](shop.Supplier))
    with app.app_context():
        shop.Base.metadata.create_all(db.engine)
        db.session.add(shop.Supplier(id=1, name="Oak", city="Bonn"))
        db.session.flush()
        db.session.add(shop.Supplier(id=2, name="Elm", parent_id=1))
        db.session.flush()
        db.session.add(names["Contact"](name="Ann", phone="1", supplier_id=2))
        db.session.commit()
    owner = logged_in(app, "owner")
    for query in ("q=oak+elm", "parent.city=bonn", "contacts.name=ann&contacts.phone=1&sort=parent.name"):
        assert row_titles(owner.get(f"{AT}/?{query}").text) == ["Elm"]
