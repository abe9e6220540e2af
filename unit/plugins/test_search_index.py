"""`dashboard db index KIND`: the migration that it writes, and the line that says why there is none."""

import importlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest
from alembic import command as alembic
from alembic.config import Config
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from dashboard.cli import main
from dashboard.cli import search_index as search_index_module
from dashboard.database.migrating import MIGRATIONS, VERSIONS, upgrade
from dashboard.testing.postgresql import run
from unit.cli.conftest import the_line
from unit.plugins.conftest import Write

Command = Callable[..., Result]
SHOP = """
    from pathlib import Path
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    from dashboard.records import RecordView

    class Base(DeclarativeBase):
        pass

    class Supplier(Base):
        __tablename__ = "shop_suppliers"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        seen: Mapped[float | None]

    class SupplierView(RecordView):
        column_searchable_list = {searched!r}

    def register(console):
        console.add(SupplierView(Supplier, name="Suppliers", endpoint="suppliers"))
        {migrations}
"""
MIGRATION = '''
    """Suppliers."""
    import sqlalchemy as sa
    from alembic import op
    revision, down_revision, branch_labels, depends_on = "shop_0001", None, ("shop",), None
    def upgrade():
        op.create_table("shop_suppliers", sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(80), nullable=False), sa.Column("seen", sa.Float()))
    def downgrade():
        op.drop_table("shop_suppliers")
'''
BRANCH = 'console.migrations(Path(__file__).parent / "shop_migrations")'


@pytest.fixture
def shop(folder: Path, write: Write) -> Callable[..., Path]:
    """`shop(searched=…, migrations=…)` writes a plug-in, and returns its folder of migrations."""

    def shop(searched: tuple[str, ...] = ("name",), migrations: str = BRANCH) -> Path:
        place = folder / "shop_migrations"
        place.mkdir(exist_ok=True)
        (place / "shop_0001.py").write_text(dedent(MIGRATION), encoding="utf-8")
        write("shop", SHOP.format(searched=searched, migrations=migrations or "pass"))
        importlib.invalidate_caches()
        return place

    return shop


@pytest.fixture
def index(tmp_path: Path, folder: Path, database_template: Path) -> Command:
    """`index("suppliers")` runs the command over a console with the plug-in; `of="…"` runs another one."""
    (tmp_path / "dashboard.sqlite3").write_bytes(database_template.read_bytes())

    def index(*arguments: str, of: tuple[str, ...] = ("db", "index"), **settings: str) -> Result:
        given = {"INSTANCE": str(tmp_path), "PLUGINS": "shop", **settings}
        variables = {f"DASHBOARD_{name}": value for name, value in given.items()}
        return CliRunner().invoke(main, [*of, *arguments], env=variables)

    return index


def names_in(place: Path) -> list[str]:
    """The files in a folder."""
    return sorted(file.name for file in place.iterdir() if file.is_file())


def downgrade(url: str, place: Path, revision: str) -> None:
    """Take migrations of the plug-in out of a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", f"{VERSIONS}\n{place}")
    config.set_main_option("path_separator", "newline")
    config.attributes["url"] = url
    alembic.downgrade(config, revision)


def test_command_writes_a_migration_that_indexes_and_can_be_undone(
    shop: Callable[..., Path], index: Command, tmp_path: Path
) -> None:
    place, file = shop(), tmp_path / "dashboard.sqlite3"
    result = index("suppliers")
    written = place / "shop_0002_search_of_shop_suppliers.py"
    assert result.stdout == f"The migration is in {written}.\nAdd the index: dashboard db upgrade\n"
    assert index(of=("db", "upgrade")).exit_code == 0
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO shop_suppliers (name) VALUES ('Oak & Sons')")
        connection.commit()
        assert found(connection) == [(1,)]
    assert the_line(index("shop_suppliers")) == "Error: shop_suppliers has its search index already."
    downgrade(f"sqlite:///{file}", place, "shop_0001")
    with closing(sqlite3.connect(file)) as connection:
        left = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'search_of%'").fetchall()
        connection.execute("UPDATE shop_suppliers SET name = 'Elm'")
    assert left == []


def found(connection: sqlite3.Connection) -> list[tuple[int]]:
    """The numbers of the suppliers that the index finds by a word."""
    asked = "SELECT rowid FROM search_of_shop_suppliers WHERE search_of_shop_suppliers MATCH '\"oak\"'"
    return connection.execute(asked).fetchall()


def test_index_that_lost_its_triggers_is_made_again(
    shop: Callable[..., Path], index: Command, tmp_path: Path
) -> None:
    place, file = shop(), tmp_path / "dashboard.sqlite3"
    assert (index("suppliers").exit_code, index(of=("db", "upgrade")).exit_code) == (0, 0)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER search_of_shop_suppliers_insert")
        connection.execute("INSERT INTO shop_suppliers (name) VALUES ('Oak & Sons')")
        connection.commit()
    assert (
        "search: the index of shop_suppliers is behind; run: dashboard db index"
        in index(of=("doctor",)).output
    )
    assert index("suppliers").exit_code == 0
    assert names_in(place)[-1] == "shop_0003_search_of_shop_suppliers.py"
    assert index(of=("db", "upgrade")).exit_code == 0
    with closing(sqlite3.connect(file)) as connection:
        assert found(connection) == [(1,)]
    downgrade(f"sqlite:///{file}", place, "shop_0001")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("nothing", "There is no kind of record nothing here. There are: shop_suppliers."),
        ("products", "products has a search of its own, or one in other records. No index can be added."),
        ("x" * 200, "KIND: Use at most 130 characters; this has 200."),
    ],
)
def test_kind_that_cannot_be_indexed_gets_a_line(
    shop: Callable[..., Path], index: Command, kind: str, line: str
) -> None:
    place = shop()
    assert the_last_line(index(kind)) == f"Error: {line}"
    assert names_in(place) == ["shop_0001.py"]


def the_last_line(result: Result) -> str:
    """The line with which a command ended, after how it is used."""
    assert result.exit_code
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("searched", "line"),
    [
        ((), "shop_suppliers has no column that is searched. Name one in column_searchable_list."),
        (
            ("name", "seen"),
            "The column seen of shop_suppliers is searched, and no index has values of its type Double. "
            "Leave it out of column_searchable_list.",
        ),
    ],
)
def test_columns_that_cannot_be_indexed_get_a_line(
    shop: Callable[..., Path], index: Command, searched: tuple[str, ...], line: str
) -> None:
    place = shop(searched=searched)
    assert the_line(index("suppliers")) == f"Error: {line}"
    assert names_in(place) == ["shop_0001.py"]


def test_plugin_without_migrations_chooses_a_folder(
    shop: Callable[..., Path], index: Command, tmp_path: Path
) -> None:
    shop(migrations="")
    with closing(sqlite3.connect(tmp_path / "dashboard.sqlite3")) as connection:
        connection.execute("CREATE TABLE shop_suppliers (id INTEGER PRIMARY KEY, name TEXT, seen FLOAT)")
    assert the_line(index("suppliers")) == (
        "Error: The plug-in of shop_suppliers has no folder of migrations. Choose one with --folder FOLDER, "
        "and name it in console.migrations(FOLDER) of the plug-in."
    )
    place = tmp_path / "own"
    result = index("suppliers", "--folder", str(place))
    [name] = names_in(place)
    assert f"Name its folder in the plug-in: console.migrations({str(place)!r})" in result.stdout
    assert the_line(index("suppliers", "--folder", str(place))).startswith(
        f"Error: {place / name} adds the index"
    )
    shop(migrations=f"console.migrations({str(place)!r})")
    forget_shop()
    assert index(of=("db", "upgrade")).exit_code == 0
    assert the_line(index("suppliers")) == "Error: shop_suppliers has its search index already."


def forget_shop() -> None:
    """Let the plug-in be imported again, as it is now."""
    importlib.reload(importlib.import_module("shop"))


def test_folder_beside_that_of_the_plugin_gets_a_line(
    shop: Callable[..., Path], index: Command, tmp_path: Path
) -> None:
    place = shop()
    line = the_line(index("suppliers", "--folder", str(tmp_path)))
    assert line == f"Error: The migrations of shop_suppliers are in {place}."


def test_folder_that_cannot_be_made_gets_a_line(
    shop: Callable[..., Path], index: Command, tmp_path: Path
) -> None:
    shop(migrations="")
    with closing(sqlite3.connect(tmp_path / "dashboard.sqlite3")) as connection:
        connection.execute("CREATE TABLE shop_suppliers (id INTEGER PRIMARY KEY, name TEXT)")
    line = the_line(index("suppliers", "--folder", str(tmp_path / "no" / "where")))
    assert line.endswith("cannot be written: No such file or directory")


def test_sqlite_without_trigrams_gets_a_line(
    shop: Callable[..., Path], index: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = shop()
    monkeypatch.setattr(search_index_module, "TRIGRAM", "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='no')")
    assert "has no index of trigrams; take 3.34 or newer, with FTS5." in the_line(index("suppliers"))
    assert names_in(place) == ["shop_0001.py"]


def test_name_that_is_taken_gets_a_line(shop: Callable[..., Path], index: Command, tmp_path: Path) -> None:
    shop()
    with closing(sqlite3.connect(tmp_path / "dashboard.sqlite3")) as connection:
        connection.execute("CREATE TABLE search_of_shop_suppliers (id INTEGER)")
    line = the_line(index("suppliers"))
    assert (
        line == "Error: search_of_shop_suppliers is no search index; rename it to add one for shop_suppliers."
    )


@pytest.mark.postgresql
def test_index_is_added_to_and_taken_out_of_postgresql(
    shop: Callable[..., Path], index: Command, fresh: URL
) -> None:
    place, url = shop(), fresh.render_as_string(hide_password=False)
    assert the_line(index("suppliers", DATABASE_URL=url)).endswith("run first: dashboard db upgrade")
    assert index(of=("db", "upgrade"), DATABASE_URL=url).exit_code == 0
    assert index("suppliers", DATABASE_URL=url).exit_code == 0
    assert the_line(index("suppliers", DATABASE_URL=url)).endswith("run first: dashboard db upgrade")
    assert index(of=("db", "upgrade"), DATABASE_URL=url).exit_code == 0
    assert the_line(index("suppliers", DATABASE_URL=url)).endswith("has its search index already.")
    downgrade(url, place, "shop_0001")
    assert indexes(fresh) == []
    upgrade(url, [place])
    assert indexes(fresh) == ["search_of_shop_suppliers"]


def indexes(url: URL) -> list[str]:
    """The names of the search indexes of kinds in a database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        read = text("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'search_of%'")
        there = [*connection.scalars(read)]
    engine.dispose()
    return there


@pytest.mark.postgresql
def test_role_that_may_not_create_the_extension_gets_a_line(
    shop: Callable[..., Path], index: Command, fresh: URL
) -> None:
    place, url = shop(), fresh.render_as_string(hide_password=False)
    assert index(of=("db", "upgrade"), DATABASE_URL=url).exit_code == 0
    run(
        fresh,
        "DROP EXTENSION pg_trgm CASCADE",
        "DROP ROLE IF EXISTS staff",
        "CREATE ROLE staff LOGIN PASSWORD 'staff'",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO staff",
    )
    staff = make_url(url).set(username="staff", password="staff").render_as_string(hide_password=False)
    line = the_line(index("suppliers", DATABASE_URL=staff))
    assert line.startswith("Error: The index needs the extension pg_trgm, which cannot be created here;")
    assert names_in(place) == ["shop_0001.py"]
    run(fresh, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM staff")
