"""Plug-ins: what they add is there, and one that cannot be used stops the start with a line that names it."""

import importlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from dashboard.app import create_app
from dashboard.cli import main
from dashboard.config import Settings
from dashboard.database.migrating import more_migrations, upgrade
from dashboard.extensions import db
from dashboard.permissions import Role, grants
from dashboard.registry import registry
from dashboard.testing.accounts import a_session, an_account, session_cookie
from dashboard.testing.ports import free_port
from dashboard.variables import SettingsError
from unit.admin.reading import read, row_titles
from unit.consoles import SECRET_KEY
from unit.plugins.conftest import Write

Command = Callable[..., Result]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a console whose database is not migrated."""
    url = f"sqlite:///{tmp_path}/console.sqlite3"
    return Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path)


@pytest.fixture
def command(tmp_path: Path, folder: Path) -> Command:
    """`command("doctor", PLUGINS="shop")` runs a command with settings."""

    def command(*arguments: str, **settings: str) -> Result:
        variables = {f"DASHBOARD_{name}": value for name, value in settings.items()}
        return CliRunner().invoke(main, arguments, env={"DASHBOARD_INSTANCE": str(tmp_path), **variables})

    return command


def fault(settings: Settings, *names: str) -> str:
    """The line that stops the start with these plug-ins."""
    with pytest.raises(SettingsError) as told:
        create_app(settings, [importlib.import_module(name) for name in names])
    [line] = told.value.lines
    return line


def opened(app: Flask, path: str, role: str = "viewer") -> str:
    """The text of a page, opened by a new user."""
    with app.app_context():
        token = a_session(an_account(role))
        db.session.commit()
    client = app.test_client()
    with app.app_context():
        client.set_cookie("session", session_cookie({"_user_id": token}))
    return client.get(path).text


def test_records_of_a_plugin_are_listed_and_stand_in_the_navigation(
    settings: Settings, suppliers: Write
) -> None:
    module = importlib.import_module(suppliers("shop", shortcut="s"))
    app = create_app(settings, [module])
    upgrade(settings.database_url, more_migrations(app))
    with app.app_context():
        db.session.add_all(module.Supplier(**each) for each in [{"name": "Oak & Sons"}, {"name": "Elm"}])
        db.session.commit()
    page = opened(app, "/admin/shop_suppliers/")
    assert row_titles(page) == ["Elm", "Oak & Sons"]
    links = [
        link.text for link in read(page).all("a") if link.attributes.get("href") == "/admin/shop_suppliers/"
    ]
    assert "Suppliers" in " ".join(links)


def test_permissions_of_a_plugin_belong_to_its_application(settings: Settings, suppliers: Write) -> None:
    module = importlib.import_module(suppliers("shop"))
    with create_app(settings, [module]).app_context():
        assert "shop_suppliers:write" in grants().of(Role.EDITOR)
        assert "shop_suppliers:write" not in grants().of(Role.VIEWER)
    with create_app(settings).app_context():
        assert "shop_suppliers:write" not in grants().of(Role.EDITOR)
        assert registry().get("shop_suppliers") is None


def test_module_named_by_the_setting_is_loaded_once(settings: Settings, suppliers: Write) -> None:
    name = suppliers("shop")
    named = replace(settings, plugins=(name, name))
    with create_app(named, [importlib.import_module(name)]).app_context():
        assert [record.kind for record in registry()].count("shop_suppliers") == 1


def test_installed_package_with_an_entry_point_is_loaded(
    settings: Settings, folder: Path, suppliers: Write
) -> None:
    info = folder / "shop-1.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
    info.joinpath("entry_points.txt").write_text(f"[dashboard.plugins]\nshop = {suppliers('shop')}\n")
    with create_app(settings).app_context():
        assert registry().get("shop_suppliers")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("", "The plug-in shop has no function register(console)."),
        ("register = 1", "The plug-in shop has no function register(console)."),
        (
            "def register(console):\n    raise OSError('no\\n  disk')",
            "The plug-in shop cannot be registered: OSError: no disk",
        ),
        (
            "def register(console):\n    console.migrations('/no')",
            "The plug-in shop cannot be registered: ValueError: There is no folder of migrations at /no.",
        ),
    ],
)
def test_plugin_that_fails_is_named_with_the_reason(
    settings: Settings, write: Write, source: str, line: str
) -> None:
    assert fault(settings, write("shop", source)) == line


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (None, "DASHBOARD_PLUGINS names shop, which cannot be imported: ModuleNotFoundError: No module"),
        ("import nowhere", "cannot be imported: ModuleNotFoundError: No module named 'nowhere'"),
        ("x = (", "which cannot be imported: SyntaxError: '(' was never closed"),
        ("raise RuntimeError", "cannot be imported: RuntimeError: no reason given"),
    ],
)  # fmt: skip
def test_module_that_cannot_be_imported_is_named(
    command: Command, write: Write, source: str | None, line: str
) -> None:
    if source is not None:
        write("shop", source)
    told = command("doctor", PLUGINS="shop")
    assert told.exit_code == 1
    assert line in told.output
    assert told.output.count("\n") == 1


@pytest.mark.parametrize(
    ("second", "line"),
    [
        ({"table": "shop_suppliers"}, "There is a screen for shop_suppliers already."),
        ({"endpoint": "shop_suppliers"}, "shop_suppliers"),
        ({"endpoint": "products"}, "products"),
        ({"shortcut": "s"}, "The shortcut g s of Suppliers already belongs to Suppliers."),
        ({"shortcut": "p"}, "The shortcut g p of Suppliers already belongs to Products."),
        ({"url": "/admin/products/"}, "The address /admin/products of Suppliers is taken."),
        ({"url": "/login"}, "The address /login of Suppliers is taken."),
        ({"number": "shop_0001"}, "The revision shop_0001 is taken."),
        ({"number": "0001"}, "The revision 0001 is taken."),
    ],
)
def test_second_of_two_plugins_that_clash_is_named(
    settings: Settings, suppliers: Write, second: dict[str, str], line: str
) -> None:
    told = fault(settings, suppliers("shop", shortcut="s"), suppliers("store", **second))
    assert told.startswith("The plug-in store cannot be registered: ValueError: ")
    assert line in told


def test_kind_that_goes_to_the_trash_needs_its_feature(
    settings: Settings, folder: Path, suppliers: Write
) -> None:
    file = folder / f"{suppliers('shop')}.py"
    trash = 'trash = __import__("dashboard.trash.kinds").trash.kinds.Trashable(Supplier, title="name")'
    file.write_text(
        file.read_text().replace("class SupplierView(Screen):", f"class SupplierView(Screen):\n    {trash}")
    )
    assert fault(settings, "shop") == (
        "The plug-in shop cannot be registered: ValueError: "
        "shop_suppliers goes to the trash, so its screen needs the feature Trash."
    )


def test_database_is_upgraded_by_the_migrations_of_a_plugin(
    command: Command, tmp_path: Path, suppliers: Write
) -> None:
    suppliers("shop")
    assert command("db", "upgrade", PLUGINS="shop").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "dashboard.sqlite3")) as connection:
        heads = {number for (number,) in connection.execute("SELECT version_num FROM alembic_version")}
        assert connection.execute("SELECT * FROM shop_suppliers").fetchall() == []
    assert "shop_0001" in heads
    assert len(heads) == 2
    assert command("doctor", PLUGINS="shop").exit_code == 0


def test_doctor_says_that_a_plugin_is_not_migrated(command: Command, suppliers: Write) -> None:
    suppliers("shop")
    assert command("db", "upgrade").exit_code == 0
    told = command("doctor", PLUGINS="shop")
    assert told.exit_code == 1
    assert "not migrated; run: dashboard db upgrade" in told.output


def test_doctor_names_the_table_that_a_plugin_lacks(command: Command, suppliers: Write) -> None:
    suppliers("shop", migrates=False)
    assert command("db", "upgrade", PLUGINS="shop").exit_code == 0
    told = command("doctor", PLUGINS="shop")
    assert told.exit_code == 1
    assert "it has no table shop_suppliers" in told.output


def test_serving_without_the_table_of_a_plugin_is_refused(command: Command, suppliers: Write) -> None:
    suppliers("shop", migrates=False)
    told = command("serve", "--port", str(free_port()), PLUGINS="shop")
    assert told.exit_code == 1
    assert told.output == (
        "Error: The database has no table shop_suppliers, and no migration makes it; "
        "its plug-in has to add one\n"
    )


@pytest.mark.parametrize("arguments", [("db", "upgrade"), ("doctor",), ("history", "verify")])
def test_database_of_a_plugin_that_is_not_loaded_is_named(
    command: Command, suppliers: Write, arguments: tuple[str, ...]
) -> None:
    suppliers("shop")
    assert command("db", "upgrade", PLUGINS="shop").exit_code == 0
    told = command(*arguments)
    assert told.exit_code == 1
    line = "has migrations of a newer version, or of a plug-in that is not loaded: shop_0001."
    assert line in told.output
    assert "run: dashboard db upgrade" not in told.output


def test_migration_of_a_plugin_that_raises_ends_with_one_line(
    command: Command, folder: Path, suppliers: Write
) -> None:
    suppliers("shop")
    migration = folder / "shop_migrations" / "one.py"
    migration.write_text(migration.read_text().replace("def upgrade():", "def upgrade():\n    int('x')\n"))
    told = command("db", "upgrade", PLUGINS="shop")
    assert told.exit_code == 1
    assert told.output.count("\n") == 1
    assert "was not upgraded: one.py: ValueError: invalid literal for int() with base 10: 'x'" in told.output


def test_orphan_in_a_table_of_others_does_not_stop_an_upgrade(
    command: Command, tmp_path: Path, suppliers: Write
) -> None:
    with closing(sqlite3.connect(tmp_path / "dashboard.sqlite3")) as connection:
        connection.executescript(
            "CREATE TABLE a (id INTEGER PRIMARY KEY);"
            "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id));"
            "INSERT INTO b VALUES (1, 77);"
        )
    suppliers("shop")
    assert command("db", "upgrade", PLUGINS="shop").exit_code == 0


@pytest.mark.parametrize("value", ["shop console", "shop-console", "../shop", "1shop", "shop.", "läden"])
def test_setting_that_names_no_module_is_refused(command: Command, value: str) -> None:
    told = command("doctor", PLUGINS=value)
    assert told.exit_code == 1
    assert "DASHBOARD_PLUGINS must list modules separated by commas" in told.output
