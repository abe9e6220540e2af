"""Folders whose names mean something else in addresses, URIs, settings files or terminals."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from urllib.parse import quote

import pytest

from dashboard.testing.accounts import PASSWORD
from dashboard.testing.ports import free_port
from unit.cli.conftest import Run, Start, address_of, get, the_line
from unit.environment import complaints, read

pytestmark = pytest.mark.sqlite

NAMES = {
    "blanks": "two  blanks",
    "a blank at the end": "blank ",
    "question mark": "what?mode=memory",
    "fragment": "issue#16",
    "percent": "100% of %(here)s",
    "encoded": "a%41%3F%2e%%",
    "quotes": 'Kim\'s "best" `one`',
    "umlauts": "Bücher für Zoë",
    "combining": "Zoe\u0308",
    "signs": "a&b;c:d@e,f=g+h$HOME{x}[y]|\\z",
    "line breaks": "one\ntwo\r\x1b[31mred\u2028",
    "not UTF-8": os.fsdecode(b"caf\xe9"),
    "a tilde": "~kim",
    "a dash": "-rf",
    "URI": "file:x?mode=ro",
}
UNCHANGED = "The history is unchanged: 2 change sets with 2 changes, 0 erased.\n"
EVERY_NAME = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


@pytest.fixture
def folder(tmp_path: Path, name: str) -> Path:
    """A folder of that name, which nobody has made yet."""
    return tmp_path / "around" / name


def given(folder: Path) -> str:
    """Return the value of a variable that names `folder`; a value may not end in blanks."""
    return f"{folder}/"


def around(folder: Path) -> list[Path]:
    """The databases in the folder and beside it, where a misread name would put one."""
    found = folder.parent.rglob("*")
    return sorted(path for path in found if path.is_file() and b"SQLite format" in path.read_bytes()[:16])


@EVERY_NAME
def test_every_command_uses_the_database_in_the_folder(run: Run, folder: Path) -> None:
    settings = {"INSTANCE": given(folder)}
    assert run("db", "upgrade", **settings).exit_code == 0
    create = ("users", "create", "kim@example.test", "--role", "owner", "--password-stdin")
    made = run(*create, stdin=PASSWORD, **settings)
    assert made.exit_code == 0, made.output
    file = folder / "products.csv"
    exported = run("products", "export", str(file), **settings)
    assert exported.exit_code == 0, exported.output
    assert file.read_text("utf-8").startswith("sku,")
    assert run("history", "verify", **settings).stdout.startswith(UNCHANGED)
    assert run("sessions", "inspect", "x", **settings).stdout.startswith("Signature: bad.")
    doctor = run("doctor", **settings)
    assert [line[:4] for line in doctor.stdout.splitlines()] == ["ok  "] * len(doctor.stdout.splitlines())
    assert around(folder) == [folder / "dashboard.sqlite3"]
    with closing(sqlite3.connect(folder / "dashboard.sqlite3")) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("kim@example.test",)]


@pytest.mark.parametrize("name", ["what? 100% #1 a%41", 'Kim\'s "Bücher"\n', os.fsdecode(b"caf\xe9")])
def test_real_server_uses_the_database_in_the_folder(start: Start, folder: Path) -> None:
    process = start("serve", "--port", str(free_port()), INSTANCE=given(folder))
    assert get(f"{address_of(process)}/readyz")[0] == 200
    assert around(folder) == [folder / "dashboard.sqlite3"]


@EVERY_NAME
def test_database_address_may_name_any_path(run: Run, folder: Path, database_template: Path) -> None:
    folder.mkdir(parents=True)
    file = folder / "console.sqlite3"
    copyfile(database_template, file)
    doctor = run("doctor", DATABASE_URL=f"sqlite:///{quote(os.fsencode(file))}")
    assert doctor.exit_code == 0, doctor.output
    assert around(folder) == [file]


def test_relative_and_home_folders_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "100%"))
    assert read(Path("what?")).database_url == f"sqlite:///{tmp_path}/what%3F/dashboard.sqlite3"
    assert read(Path("~/x")).database_url == f"sqlite:///{tmp_path}/100%25/x/dashboard.sqlite3"
    url = read(tmp_path, DATABASE_URL="sqlite:///~/a%20b.sqlite3?timeout=9").database_url
    assert url == f"sqlite:///{tmp_path}/100%25/a b.sqlite3?timeout=9"


@pytest.mark.parametrize("variable", ["INSTANCE", "DATABASE_URL"])
def test_home_of_an_unknown_user_is_refused_in_one_line(tmp_path: Path, variable: str) -> None:
    value = "~nobody-of-that-name/console"
    value = f"sqlite:///{value}" if variable == "DATABASE_URL" else value
    (line,) = complaints(tmp_path, **{variable: value})
    assert line.startswith(f"DASHBOARD_{variable} must name a f")


@pytest.mark.parametrize("variable", ["INSTANCE", "DATABASE_URL"])
@pytest.mark.parametrize(("length", "fits"), [(504, True), (505, False)])
def test_path_longer_than_sqlite_allows_is_refused(
    run: Run, tmp_path: Path, variable: str, length: int, fits: bool
) -> None:
    name = "dashboard.sqlite3"
    folder = os.path.join(tmp_path, *["x" * 50] * 5)  # noqa: PTH118 - counted in characters
    folder += "/" + "y" * 100 + "/"
    folder += "z" * (length - len(folder) - len(name) - 1)
    value = f"sqlite:///{folder}/{name}" if variable == "DATABASE_URL" else folder
    result = run("db", "upgrade", **{variable: value})
    if fits:
        assert result.exit_code == 0, result.output
        assert Path(folder, name).is_file()
    else:
        assert the_line(result).startswith(f"Error: DASHBOARD_{variable} leads to a database whose path")


@pytest.mark.parametrize("depth", [1, 15])
def test_path_too_long_for_the_system_is_refused_in_one_line(run: Run, tmp_path: Path, depth: int) -> None:
    folder = "/".join([str(tmp_path), *["x" * 256] * depth])
    assert the_line(run("db", "upgrade", INSTANCE=folder)).startswith("Error: DASHBOARD_INSTANCE ")


@EVERY_NAME
def test_instance_with_any_name_that_is_a_file_is_refused(run: Run, folder: Path) -> None:
    folder.parent.mkdir()
    folder.touch()
    line = the_line(run("db", "upgrade", INSTANCE=given(folder)))
    assert line.startswith("Error: DASHBOARD_INSTANCE cannot be used: ")
    assert line.isprintable()


@pytest.mark.parametrize(("name", "earlier"), [("50%25 off", "50% off/dashboard.sqlite3"), ("a?b", "a")])
def test_database_misplaced_by_an_earlier_version_is_reported(
    tmp_path: Path, database_template: Path, name: str, earlier: str
) -> None:
    file = tmp_path / earlier
    file.parent.mkdir(exist_ok=True)
    copyfile(database_template, file)
    (line,) = complaints(tmp_path / name)
    assert f" at {file}. Stop the console and move that file" in line
    (tmp_path / name).mkdir()
    file.rename(tmp_path / name / "dashboard.sqlite3")
    assert read(tmp_path / name)


def test_other_file_is_not_taken_for_a_misplaced_database(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file of another program")
    assert read(tmp_path / "a?b")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "BASE_URL", "ALLOWED_HOSTS", "ENV"])
def test_setting_that_is_not_utf_8_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    value = os.fsdecode(b"postgresql+psycopg://kim:caf\xe9-5b0f2c9d7e1a48633d6f90ab12ce4577@h/d")
    (line,) = complaints(tmp_path, **{name: value})
    assert line.startswith(f"DASHBOARD_{name} ")
    assert line.isprintable()
