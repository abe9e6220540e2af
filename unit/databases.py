"""Which database a test runs over: an empty SQLite file, an empty PostgreSQL, or one after the other."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy.engine import URL

from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.extensions import db
from unit.consoles import app_over
from unit.postgres.server import empty

BACKENDS = SQLITE, POSTGRESQL = "sqlite", "postgresql"
SHORTENED = ("unit/accounts/", "unit/admin/", "unit/importing/", "unit/listing/", "unit/record_view/")
"""The folders of screens, lists and the like, most of whose tests for both databases are about neither."""
LONG = (
    "unit/admin/test_long_lists.py",
    "unit/cli/test_paths.py",
    "unit/cli/test_unreachable.py",
    "unit/test_log_lines.py",
    "unit/upgrades/test_upgrades.py",
)
"""The files of tests with many cases each, which start processes, read long pages or old databases."""
ONE_OF = 3
"""The short form runs one of so many, always the same: of folders over PostgreSQL, of files at all."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run the suite over PostgreSQL, not SQLite")

    parser.addoption("--short", action="store_true", help="run a third of the tests that stand for others")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite: about SQLite itself; left out with --postgresql")
    config.addinivalue_line("markers", "postgresql: about PostgreSQL itself; runs over it alone")
    config.addinivalue_line("markers", "both_databases: runs over SQLite and over PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--postgresql"):
        left_out = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]
    elif config.getoption("--short"):
        left_out = [item for item in items if is_second(item) or is_one_of_many(item)]
        config.hook.pytest_deselected(items=left_out)
        gone = {*left_out}
        items[:] = [item for item in items if item not in gone]


def is_second(item: pytest.Item) -> bool:
    """Whether a test runs over PostgreSQL after SQLite, and the short form leaves that out."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    is_over_both = item.get_closest_marker("both_databases") and params.get("backend") == POSTGRESQL
    return bool(is_over_both) and is_left_out(item.nodeid)


def is_one_of_many(item: pytest.Item) -> bool:
    """Whether a test is one of many cases, and the short form leaves it out."""
    return hasattr(item, "callspec") and item.nodeid.startswith(LONG) and not is_kept(item.nodeid)


def is_left_out(name: str) -> bool:
    """Whether the short form leaves out the test called `name` over PostgreSQL."""
    return name.startswith(SHORTENED) and not is_kept(name)


def is_kept(name: str) -> bool:
    """Whether the short form keeps a test that stands for others."""
    return crc32(name.encode()) % ONE_OF == 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("postgresql"):
        over_postgresql(metafunc)
    elif "backend" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        backends = [POSTGRESQL] if metafunc.config.getoption("--postgresql") else BACKENDS
        metafunc.parametrize("backend", backends, indirect=True, scope="session")


def usual(config: pytest.Config) -> str:
    """Return the database of tests that name no other."""
    return POSTGRESQL if config.getoption("--postgresql") else SQLITE


def over_postgresql(metafunc: pytest.Metafunc) -> None:
    """Let a test run over PostgreSQL, whatever the rest of the suite runs over."""
    if "backend" in metafunc.fixturenames:
        metafunc.parametrize(
            "backend", [POSTGRESQL], indirect=True, scope="session", ids=[pytest.HIDDEN_PARAM]
        )


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    """The database of the test: `sqlite` or `postgresql`."""
    return str(getattr(request, "param", usual(request.config)))


@pytest.fixture(scope="session")
def database_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database to copy."""
    file = tmp_path_factory.mktemp("template") / "console.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def app_over_sqlite(database_template: Path) -> Flask:
    """The one console of a run over SQLite: building it takes longer than most tests do."""
    folder = database_template.parent
    return app_over(f"sqlite:///{folder / 'dashboard.sqlite3'}", folder)


@pytest.fixture(scope="session")
def app_over_postgresql(postgres_database: URL, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The one console of a run over PostgreSQL."""
    url = postgres_database.render_as_string(hide_password=False)
    return app_over(url, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="session")
def shared_app(backend: str, request: pytest.FixtureRequest) -> Flask:
    """The one console of a run over the database of the test."""
    app: Flask = request.getfixturevalue(f"app_over_{backend}")
    return app


@pytest.fixture
def settings(shared_app: Flask, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A development installation with a migrated, empty database."""
    with shared_app.app_context():
        url = db.engine.url
        db.engine.dispose()
    if url.get_backend_name() == "postgresql":
        empty(url)
    else:
        empty_file(Path(str(url.database)), request.getfixturevalue("database_template"))
    yield shared_app.extensions["settings"]
    with shared_app.app_context():
        db.engine.dispose()


def empty_file(file: Path, template: Path) -> None:
    """Put a new file in place of an old one; whoever holds that keeps it, and writes into nobody's test."""
    for old in file.parent.glob(file.name + "*"):
        old.unlink()
    copyfile(template, file)
