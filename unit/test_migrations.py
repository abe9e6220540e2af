"""Migrations: every step there and back, and models that match them."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import OperationalError

from dashboard.database.migrating import MIGRATIONS, upgrade
from dashboard.extensions import db
from dashboard.search.keys import amount_key, sort_key
from dashboard.search.schema import is_declared
from dashboard.search.text import searchable
from dashboard.testing.accounts import a_session, an_account
from dashboard.testing.catalogue import a_category, a_product

ROOT = Path(__file__).resolve().parents[1]
REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]

A_PRODUCT = (
    "INSERT INTO products"
    " (sku, name, description, price, currency, stock, status, created_at, updated_at, version)"
    " VALUES ('A', 'B', '', 1, 'EUR', 0, 'draft', '2026-01-01', '2026-01-01', 1)"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database file that does not exist yet."""
    return tmp_path / "new" / "console.sqlite3"


def config_of(file: Path) -> Config:
    """Alembic's configuration for a database file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = f"sqlite:///{file}"
    return config


def schema(file: Path) -> set[str]:
    """Every table and index as SQL, but for Alembic's note of the revision and SQLite's counters."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT sql FROM sqlite_master WHERE tbl_name NOT IN ('alembic_version', 'sqlite_sequence')"
        # SQLite quotes the name of a table that was renamed.
        return {
            re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", sql)
            for (sql,) in connection.execute(query)
            if sql
        }


@pytest.fixture
def migrated(database_template: Path) -> Iterator[Connection]:
    """A connection to a migrated database."""
    engine = create_engine(f"sqlite:///{database_template}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_models_match_the_migrations(migrated: Connection) -> None:
    opts = {"compare_type": True, "include_name": partial(is_declared, db.metadata)}
    context = MigrationContext.configure(migrated, opts=opts)
    assert compare_metadata(context, db.metadata) == []


@pytest.fixture
def by_models(tmp_path: Path) -> Path:
    """A database file that the models made, without any migration."""
    file = tmp_path / "by_models.sqlite3"
    engine = create_engine(f"sqlite:///{file}")
    db.metadata.create_all(engine)
    engine.dispose()
    return file


def test_migrations_name_every_constraint_as_the_models_do(database_template: Path, by_models: Path) -> None:
    assert constraint_names(database_template) == constraint_names(by_models)


def test_migrations_make_the_index_of_the_search_as_the_models_do(
    database_template: Path, by_models: Path
) -> None:
    made = search_index(database_template)
    assert made == search_index(by_models)
    assert {f"product_search{part}" for part in ("", "_insert", "_delete", "_update")} <= set(made)


def test_migrations_protect_the_history_as_the_models_do(database_template: Path, by_models: Path) -> None:
    protection = triggers(database_template, "change*")
    assert protection == triggers(by_models, "change*")
    assert len(protection) == 11


def triggers(file: Path, table: str) -> dict[str, str]:
    """The triggers of tables by name, with their SQL in one line."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name GLOB ?"
    with closing(sqlite3.connect(file)) as connection:
        return {name: " ".join(sql.split()) for name, sql in connection.execute(query, (table,))}


def test_rebuilt_table_keeps_its_rows_triggers_and_references(file: Path) -> None:
    file.parent.mkdir()
    command.upgrade(config_of(file), "0005")
    before = triggers(file, "products")
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "INSERT INTO users"
            " (id, email, name, password_hash, role, active, created_at, updated_at, version) VALUES"
            " (7, 'a@example.test', '', '', 'owner', 1, '2026-01-01', '2026-01-01', 1);"
            "INSERT INTO user_sessions (user_id, token_hash, created_at, last_seen_at, address, user_agent)"
            " VALUES (7, 'x', '2026-01-01', '2026-01-01', '', '');"
            f"{A_PRODUCT};"
        )
    command.upgrade(config_of(file), "0006")
    with closing(sqlite3.connect(file)) as connection:
        counts = "SELECT (SELECT count(*) FROM user_sessions), (SELECT sum(products) FROM product_tallies)"
        assert connection.execute(counts).fetchone() == (1, 1)
        connection.execute("DELETE FROM products")
        connection.execute(A_PRODUCT)
        assert connection.execute("SELECT id FROM products").fetchall() == [(2,)]
    assert triggers(file, "products") == before


def search_index(file: Path) -> dict[str, str]:
    """The tables and triggers of the search, by name."""
    with closing(sqlite3.connect(file)) as connection:
        sql = "SELECT name, sql FROM sqlite_master WHERE name GLOB 'product_search*' AND sql IS NOT NULL"
        return dict(connection.execute(sql).fetchall())


def constraint_names(file: Path) -> set[str]:
    """The names of all constraints and indexes of a database."""
    words = " ".join(schema(file)).replace('"', " ").replace("(", " ").split()
    return {word for word in words if word.startswith(("pk_", "uq_", "ck_", "fk_", "ix_"))}


def test_migrating_makes_the_folder_of_the_database(file: Path) -> None:
    upgrade(f"sqlite:///{file}")
    assert file.is_file()


def test_migrating_twice_changes_nothing(file: Path) -> None:
    upgrade(f"sqlite:///{file}")
    before = schema(file)
    upgrade(f"sqlite:///{file}")
    assert schema(file) == before


@pytest.mark.parametrize(("revision", "before"), list(zip(REVISIONS, ["base", *REVISIONS], strict=False)))
def test_each_migration_upgrades_and_downgrades(file: Path, revision: str, before: str) -> None:
    file.parent.mkdir()
    if before != "base":
        command.upgrade(config_of(file), before)
    old = schema(file) if before != "base" else set()
    command.upgrade(config_of(file), revision)
    assert schema(file) != old
    command.downgrade(config_of(file), before)
    assert schema(file) == old


@pytest.mark.sqlite
def test_database_in_use_can_be_downgraded(app: Flask) -> None:
    with app.app_context():
        a_session(an_account())
        a_product(category=a_category())
        db.session.commit()
        file = Path(str(db.engine.url.database))
        db.engine.dispose()
    command.downgrade(config_of(file), "base")
    assert schema(file) == set()


def test_simultaneous_starts_migrate_once(file: Path) -> None:
    statement = f"from dashboard.database.migrating import upgrade; upgrade('sqlite:///{file}')"
    starts = [Popen([sys.executable, "-c", statement], stderr=PIPE, text=True, cwd=ROOT) for _ in range(3)]
    assert [start.communicate()[1] for start in starts] == ["", "", ""]
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_failed_migration_leaves_nothing(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE products (id INTEGER)")  # in the way of the last table
    with pytest.raises(OperationalError, match="already exists"):
        upgrade(f"sqlite:///{file}")
    assert schema(file) == {"CREATE TABLE products (id INTEGER)"}


@pytest.mark.parametrize("revision", REVISIONS)
def test_migration_says_what_it_is_for(revision: str) -> None:
    script = ScriptDirectory(str(MIGRATIONS)).get_revision(revision)
    assert script.doc.strip()
    assert Path(script.path).stem.startswith(revision)


def test_products_from_before_the_search_are_found(file: Path) -> None:
    names = ["Öak Lamp", *(f"Chair {number}" for number in range(2_100))]
    file.parent.mkdir()
    command.upgrade(config_of(file), "0001")
    with closing(sqlite3.connect(file)) as connection:
        connection.executemany(
            "INSERT INTO products (id, sku, name, description, price, currency, stock, status, created_at,"
            " updated_at, version) VALUES (?, ?, ?, '', 1, 'EUR', 0, 'draft', '2026-01-01', '2026-01-01', 1)",
            [(2 * number, f"S-{number}", name) for number, name in enumerate(names, 1)],
        )
        connection.commit()
    command.upgrade(config_of(file), "0002")
    with closing(sqlite3.connect(file)) as connection:
        texts = connection.execute("SELECT search_text FROM products ORDER BY id").fetchall()
        found = connection.execute("SELECT rowid FROM product_search WHERE product_search MATCH 'oak'")
        assert found.fetchall() == [(2,)]
        connection.execute("INSERT INTO product_search (product_search, rank) VALUES ('integrity-check', 1)")
    assert texts == [(searchable(f"S-{number}", name),) for number, name in enumerate(names, 1)]


def test_old_rows_get_sort_keys_and_duplicate_skus_stay(file: Path) -> None:
    skus = ["abc", "ABC", "other", "aBc", *(f"S-{number}" for number in range(2_100))]
    file.parent.mkdir()
    command.upgrade(config_of(file), "0014")
    a_row = f"{A_PRODUCT.partition(' VALUES')[0].replace('(sku', '(search_text, sku')} VALUES (?, ?, ?,"
    a_row += " '', 1, 'EUR', 0, 'draft', '2026-01-01', '2026-01-01', 1)"
    with closing(sqlite3.connect(file)) as connection:
        connection.executemany(a_row, [("  stale  ", sku, f"\u00d6ak {sku}\u034f") for sku in skus])
        connection.execute(
            "INSERT INTO categories (name, created_at, updated_at, version)"
            " VALUES ('\u00c4pfel', '2026-01-01', '2026-01-01', 1)"
        )
        connection.commit()
    command.upgrade(config_of(file), "0016")
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute(
            "SELECT sku_key, sku_twin, name_key, search_text FROM products ORDER BY id"
        )
        rows = found.fetchall()
        [category] = connection.execute("SELECT name_key, search_text FROM categories").fetchall()
        connection.execute("INSERT INTO product_search (product_search, rank) VALUES ('integrity-check', 1)")
    assert [row[:2] for row in rows[:4]] == [
        ("abc", None),
        ("abc\x1fABC", "abc"),
        ("other", None),
        ("abc\x1faBc", "abc"),
    ]
    assert [row[2:] for row in rows] == [
        (sort_key(f"oak {sku}"), searchable(sku, f"oak {sku}")) for sku in skus
    ]
    assert category == ("apfel\x1f\u00c4pfel", "  apfel  ")
    command.downgrade(config_of(file), "0014")
    command.upgrade(config_of(file), "0016")


@pytest.mark.parametrize(
    ("order", "index"),
    [
        ("+stock, +id", "ix_products_status_id"),  # all are found, in the order in which they lie
        ("created_at, id", "ix_products_status_created_at_id"),
    ],
)
def test_sqlite_chooses_the_index_that_fits_the_order(file: Path, order: str, index: str) -> None:
    upgrade(f"sqlite:///{file}")
    found = f"SELECT name FROM products WHERE status = 'draft' ORDER BY {order} LIMIT 51"
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {found}").fetchall()
    assert f"USING INDEX {index} " in plan[0][-1]


def test_old_products_get_their_place_by_price(file: Path) -> None:
    file.parent.mkdir()
    command.upgrade(config_of(file), "0016")
    with closing(sqlite3.connect(file)) as connection:
        for sku, stored in (("A", 0), ("C", 125_000), ("D", 99_999_999_999_999)):
            row = A_PRODUCT.replace("'A'", f"'{sku}'").replace(" 1, 'EUR'", f" {stored}, 'JPY'")
            connection.execute(row.replace(" (sku", " (sku_key, sku").replace("('", f"('{sku}', '"))
        connection.commit()
    command.upgrade(config_of(file), "0033")
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT price_key FROM products ORDER BY id").fetchall()
    amounts = ("0", "12.5", "9999999999.9999")
    assert [key for (key,) in found] == [amount_key("JPY", amount) for amount in amounts]
