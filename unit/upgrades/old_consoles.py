"""Dumps of consoles at older revisions, and the consoles that they become by an upgrade.

The dumps were filled through the console's own pages of their revision: the sample catalogue, renamed,
trashed and purged products, a saved view, three accounts of which one was deleted and erased, an export of
people, and live sessions. That of 0014 also has values that later rules refuse: SKUs that differ in case,
categories that look alike, an invisible name, names with invisible signs inside, and a password in decomposed
Unicode. That of 0016 has a fuller trash (by several people of whom one left, by a command, of a category
that is gone, a later twin, prices and texts at their bounds, a SKU that is taken) and a draft. In that of
0017 both releases deleted, edited and erased records. That of 0031 goes on from it: edits of one field and of
three, and a product in the trash of all kinds. In that of 0034 two edits have a reason, and there are two
more saved views: of a search among the last 30 days, and with other columns.
"""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import URL

from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.postgresql import run

HERE = Path(__file__).parent
REVISIONS = ("0011", "0014", "0016", "0017", "0031", "0034")


@dataclass(frozen=True)
class Upgraded:
    """An upgraded console, and what is known of the database it came from."""

    app: Flask
    known: dict[str, Any]

    def browser(self) -> FlaskClient:
        """The browser in which the owner was logged in before."""
        client = self.app.test_client()
        client.set_cookie("session", self.known["owner_cookie"])
        return client


def load_sqlite(revision: str, folder: Path, _request: pytest.FixtureRequest) -> str:
    file = folder / "old.sqlite3"
    file.write_bytes(gzip.decompress(HERE.joinpath(f"{revision}.sqlite3.gz").read_bytes()))
    return f"sqlite:///{file}"


def load_postgresql(revision: str, folder: Path, request: pytest.FixtureRequest) -> str:
    server: URL = request.getfixturevalue("postgres_server")
    name = f"upgraded_{folder.name}".replace("-", "_").lower()[:60]
    run(server, f'CREATE DATABASE "{name}"')
    request.addfinalizer(lambda: run(server, f'DROP DATABASE "{name}" WITH (FORCE)'))
    url = server.set(database=name)
    statements = gzip.decompress(HERE.joinpath(f"{revision}.sql.gz").read_bytes()).decode()
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statements)  # type: ignore[arg-type]  # a dump is no literal
    return url.render_as_string(hide_password=False)


LOADS = {"sqlite": load_sqlite, "postgresql": load_postgresql}


def assert_whole(upgraded: Upgraded) -> None:
    with upgraded.app.app_context():
        verdict = verify(db.session, upgraded.known["head"])
        assert verdict.faults == []
        assert verdict.erased == upgraded.known["erased"]


only_0014 = pytest.mark.parametrize("revision", ["0014"], indirect=True)
only_0016 = pytest.mark.parametrize("revision", ["0016"], indirect=True)
only_0017 = pytest.mark.parametrize("revision", ["0017"], indirect=True)
