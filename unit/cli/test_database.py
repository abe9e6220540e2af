"""`dashboard db upgrade`, `dashboard doctor`, and what every command says of a database it cannot use."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.search.keys import unique_sort_key
from dashboard.testing.accounts import PASSWORD
from dashboard.testing.catalogue import a_category, a_product
from dashboard.testing.ports import free_port
from unit.cli.conftest import Run, the_line

COMMANDS = {
    "serve": ("serve", "--port", str(free_port())),
    "db upgrade": ("db", "upgrade"),
    "users create": ("users", "create", "kim@example.test", "--role", "viewer", "--password-stdin"),
    "products export": ("products", "export", "-"),
    "history verify": ("history", "verify"),
    "sessions inspect": ("sessions", "inspect", "x"),
    "trash purge": ("trash", "purge"),
}
EVERY_COMMAND = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


@pytest.mark.parametrize("before", ["missing", "empty", "migrated"])
def test_upgrade_brings_any_database_to_the_newest_schema(run: Run, instance: Path, before: str) -> None:
    file = instance / "dashboard.sqlite3"
    if before != "migrated":
        file.unlink()
    if before == "empty":
        file.touch()
    if before == "migrated":
        insert_category(file, "Lamps")
    result = run("db", "upgrade")
    assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name FROM categories").fetchall()
    assert rows == ([("Lamps",)] if before == "migrated" else [])


def insert_category(file: Path, name: str) -> None:
    statement = "INSERT INTO categories (name, name_key, search_text, created_at, updated_at, version)"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"{statement} VALUES (?, ?, ?, '', '', 1)", (name, name, name))
        connection.commit()


def test_doctor_passes_a_good_installation(run: Run, instance: Path) -> None:
    result = run("doctor")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "ok    configuration: development, registration open",
        f"ok    database: sqlite:///{instance / 'dashboard.sqlite3'}",
        f"ok    files: {instance / 'files'}",
    ]


def test_doctor_names_skus_and_categories_that_look_alike(run: Run, console: Flask) -> None:
    for sku in ("abc", "abc-2", "DEF"):
        a_product(sku=sku)
    twin = {"sku": "ABC", "sku_key": unique_sort_key("ABC"), "sku_twin": "abc"}
    its = update(Product).where(Product.sku == "abc-2").values(twin)
    db.session.execute(its, execution_options=PAST_LEDGER)
    for name in ("Lamps", "LAMPS", "Lаmps", "Desks", "De\u200bsks", "Chairs", "Елки", "ёлка", "ЁЛКА"):  # noqa: RUF001 - one of them has a Cyrillic letter
        a_category(name)
    db.session.commit()
    result = run("doctor")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[3:] == [
        "warn  products: SKUs that differ in case only: abc, ABC",
        r"warn  categories: names that look the same: “Desks” and “De\u200bsks”, “LAMPS” and “Lamps” and “Lаmps”, “ЁЛКА” and “ёлка”",  # noqa: RUF001, E501 - the same
    ]


def test_doctor_names_ten_at_most(run: Run, console: Flask) -> None:
    for number in range(12):
        a_category(f"Shelf {number}")
        a_category(f"SHELF {number}")
    db.session.commit()
    warning = run("doctor").stdout.splitlines()[-1]
    assert warning.endswith(" and 2 more")
    assert [warning.count(f"“{word} ") for word in ("Shelf", "SHELF")] == [10, 10]


def test_doctor_says_how_to_upgrade_an_old_schema(run: Run, instance: Path) -> None:
    (instance / "dashboard.sqlite3").unlink()
    result = run("doctor")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1].endswith("not migrated; run: dashboard db upgrade")


def test_doctor_creates_no_database(run: Run, instance: Path) -> None:
    (instance / "dashboard.sqlite3").unlink()
    run("doctor")
    assert [file.name for file in instance.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    "url",
    ["sqlite:////dev/null/console.sqlite3", "postgresql+psycopg://kim:hunter2@127.0.0.1:1/console"],
)
def test_doctor_reports_an_unusable_database_in_one_line(run: Run, url: str) -> None:
    result = run("doctor", DATABASE_URL=url)
    assert result.exit_code == 1
    _configuration, database = result.stdout.splitlines()
    assert database.startswith("FAIL  database: ")
    assert "hunter2" not in result.output


def test_doctor_reports_a_file_that_is_not_a_database(run: Run, instance: Path) -> None:
    (instance / "dashboard.sqlite3").write_text("no database at all, but text " * 100)
    result = run("doctor")
    assert result.exit_code == 1
    [line] = [line for line in result.stdout.splitlines() if "not a database" in line]
    assert line.startswith("FAIL  database: ")


@EVERY_COMMAND
@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////dev/null/console.sqlite3",
        "sqlite:////dev/null",
        "sqlite:////proc/console.sqlite3",
        "sqlite:////",
    ],
)
def test_impossible_database_path_is_reported_in_one_line(
    run: Run, command: tuple[str, ...], url: str
) -> None:
    line = the_line(run(*command, stdin=PASSWORD, DATABASE_URL=url))
    assert line.startswith("Error: The database sqlite:")


@EVERY_COMMAND
def test_absent_server_is_reported_in_one_line_without_password(run: Run, command: tuple[str, ...]) -> None:
    url = "postgresql+psycopg://kim:hunter2@127.0.0.1:1/console"
    line = the_line(run(*command, stdin=PASSWORD, DATABASE_URL=url))
    assert line.startswith(
        "Error: The database postgresql+psycopg://kim:***@127.0.0.1:1/console cannot be used"
    )
    assert "hunter2" not in line


@EVERY_COMMAND
def test_locked_database_is_reported_in_one_line(
    run: Run, command: tuple[str, ...], locked: None, impatient: None
) -> None:
    line = the_line(run(*command, stdin=PASSWORD))
    assert line.endswith("cannot be used: database is locked")


@pytest.mark.parametrize("table", ["identities", "users"])
def test_table_of_another_program_is_named(run: Run, tmp_path: Path, table: str) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.sqlite3")) as shop:
        shop.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY)")
    line = the_line(run("db", "upgrade", DATABASE_URL=f"sqlite:///{tmp_path}/shop.sqlite3"))
    told = f"was not upgraded: it has a table {table} already, which is not the console's. Rename it, or give"
    assert told in line


@EVERY_COMMAND
def test_file_that_is_not_a_database_is_reported_in_one_line(
    run: Run, command: tuple[str, ...], instance: Path
) -> None:
    text = "no database at all, but text " * 100
    (instance / "dashboard.sqlite3").write_text(text)
    assert "not a database" in the_line(run(*command, stdin=PASSWORD))
    assert (instance / "dashboard.sqlite3").read_text() == text


@EVERY_COMMAND
def test_database_of_a_newer_version_is_reported_in_one_line(
    run: Run, command: tuple[str, ...], instance: Path
) -> None:
    with closing(sqlite3.connect(instance / "dashboard.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    line = the_line(run(*command, stdin=PASSWORD))
    assert "9999" in line
    with closing(sqlite3.connect(instance / "dashboard.sqlite3")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)


@EVERY_COMMAND
@pytest.mark.parametrize("variable", ["REGISTRATION", "TRUSTED_PROXIES", "COLOUR", "DATABASE_URL"])
def test_invalid_setting_is_reported_by_name_in_one_line(
    run: Run, command: tuple[str, ...], variable: str
) -> None:
    line = the_line(run(*command, stdin=PASSWORD, **{variable: "nonsense"}))
    assert line.startswith(f"Error: DASHBOARD_{variable} ")


def test_doctor_names_an_invalid_setting(run: Run) -> None:
    assert "DASHBOARD_REGISTRATION" in the_line(run("doctor", REGISTRATION="nonsense"))


def test_each_invalid_setting_has_a_line(run: Run) -> None:
    result = run("doctor", REGISTRATION="nonsense", COLOUR="blue")
    assert [line.split()[0] for line in result.stderr.splitlines()] == ["Error:", "DASHBOARD_COLOUR"]
