"""Addresses of databases: which are accepted, how a path becomes one, and how one is shown."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dashboard.log_lines import escaped
from dashboard.text.characters import is_unicode

DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
MOST_PATH_BYTES = 504  # SQLite's MAX_PATHNAME of 512 without "-journal"
SECRET_PART = "pass"  # noqa: S105 - libpq's options password and sslpassword hold it in their names


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file at any path; ``%`` and ``?`` have a meaning in addresses."""
    return f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F')}"


def sqlite_path(database_url: str) -> Path | None:
    """The file of an embedded database; None for the address of a server."""
    if make_url(database_url).get_backend_name() != "sqlite":
        return None
    _driver, _slashes, place = database_url.partition(":///")
    # SQLAlchemy would put a replacement character for each byte that is not UTF-8.
    return Path(unquote(place.partition("?")[0], errors="surrogateescape"))


def absolute(database_url: str) -> str:
    """The address with the path of a SQLite file made absolute: commands run in any folder.

    Raises RuntimeError where the path begins with the home of a user who does not exist.
    """
    path = sqlite_path(database_url)
    if path is None:
        return database_url
    _path, mark, options = database_url.partition("?")
    return f"{sqlite_url(path.expanduser().absolute())}{mark}{options}"


def shown(database_url: str) -> str:
    """The address in one line, without the passwords, which may be among its options as well."""
    path = sqlite_path(database_url)
    if path is not None:
        return escaped(f"sqlite:///{path}")
    url = make_url(database_url)
    url = url.difference_update_query([name for name in url.query if SECRET_PART in name.lower()])
    return escaped(url.render_as_string(hide_password=True))


def database_url_fault(value: str) -> str | None:
    """Say what is wrong with a database address, or None; never repeats it, for it may hold a password."""
    if not value:
        return None
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        return "is not a database address, for example postgresql+psycopg://user:password@host/name."
    if url.drivername not in DRIVERS:
        return f"must begin with sqlite:// or postgresql+psycopg://; it begins with {url.drivername}://."
    return _file_fault(value) if url.get_backend_name() == "sqlite" else _server_fault(value)


def _file_fault(value: str) -> str | None:
    url = make_url(value)
    if url.host or url.username or not url.database or url.database == ":memory:":
        return "must name a file, for example sqlite:////var/lib/console/console.sqlite3."
    try:
        return path_fault(Path(str(sqlite_path(absolute(value)))))
    except RuntimeError:
        return "must name a file: this user, or the one that it names, has no home."


def path_fault(file: Path) -> str | None:
    """Say that a path is too long for SQLite, or None."""
    if len(os.fsencode(file)) > MOST_PATH_BYTES:
        return f"leads to a database whose path is longer than {MOST_PATH_BYTES} bytes, the most for SQLite."
    return None


def _server_fault(value: str) -> str | None:
    if not is_unicode(value):
        return "is not text in UTF-8. Percent-encode what else belongs to it."
    host = make_url(value).host or ""
    if "@" in host:  # what follows the @ of a password is taken for the host
        return "has two @. Write %40 for one that belongs to the password."
    return None if all(map(_is_host, host.split(","))) else "names a host that cannot be one."


def _is_host(name: str) -> bool:
    try:
        return name.encode("idna") is not None  # as asking for its address does
    except UnicodeError:
        return False
