"""Commands over an instance folder of their own: run in this process, or started as one of their own."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from dashboard.app import create_app
from dashboard.cli import main
from dashboard.config import Settings
from dashboard.extensions import db

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen[str]]
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": "5b0f2c9d7e1a48633d6f90ab12ce457788aa31f4e6d2b05c",
    "BASE_URL": "https://console.example.org",
}


@pytest.fixture
def instance(tmp_path: Path, database_template: Path) -> Path:
    """An instance folder with a migrated, empty database."""
    folder = tmp_path / "instance"
    folder.mkdir()
    copyfile(database_template, folder / "dashboard.sqlite3")
    return folder


@pytest.fixture
def run(instance: Path) -> Run:
    """`run("users", "create", …, stdin="…", REGISTRATION="closed")` runs a command with settings."""

    def run(*arguments: str, stdin: str | bytes | None = None, **settings: str) -> Result:
        environment = {"INSTANCE": str(instance), **settings}
        variables = {f"DASHBOARD_{name}": value for name, value in environment.items()}
        return CliRunner().invoke(main, arguments, input=stdin, env=variables)

    return run


@pytest.fixture
def console(instance: Path) -> Iterator[Flask]:
    """The console over the same database, its context pushed, to arrange and to look."""
    app = create_app(Settings.from_environment({"DASHBOARD_INSTANCE": str(instance)}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def locked(instance: Path) -> Iterator[None]:
    """Another process holds the write lock of the database all the time."""
    with closing(sqlite3.connect(instance / "dashboard.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds for a lock that a test holds."""
    monkeypatch.setattr("dashboard.database.engine.BUSY_TIMEOUT_MS", 50)


def the_line(result: Result) -> str:
    """The one line with which a command ended; fails where there is more, or a traceback."""
    assert result.exit_code != 0
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.strip().splitlines()
    return line


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder for temporary files of the commands."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def start(instance: Path, temporary: Path) -> Iterator[Start]:
    """`start("serve", …, REGISTRATION="closed")` starts the command; what still runs is ended afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **settings: str) -> subprocess.Popen[str]:
        given = {"INSTANCE": str(instance), **settings}
        environment = {**os.environ, **{f"DASHBOARD_{name}": value for name, value in given.items()}}
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", *arguments],
            cwd=ROOT,
            env={**environment, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    """The address that a server prints."""
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, line or process.communicate()[1]
    return found.group()


def get(address: str, **headers: str) -> tuple[int, str]:
    """The status and the body of a page; the server prints its address just before it listens."""
    request = Request(address, headers=headers)
    deadline = monotonic() + 30
    while monotonic() < deadline:
        try:
            with urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            sleep(0.02)
    raise AssertionError(f"nobody answers at {address}")
