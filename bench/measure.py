"""Asks consoles for pages in turn and keeps what each answer took."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import create_environ, run_wsgi_app

GZIP_MAGIC = b"\x1f\x8b"
SKU = re.compile(rb"\b[A-Z]{3}-\d{7}\b")
READS = ("SELECT", "WITH")
WARM_UP_ROUNDS = 3


@dataclass(frozen=True)
class Console:
    """A console under measurement: a WSGI application and where it keeps the pages that all have.

    ``paths`` maps the operations of `OPERATIONS` to addresses; ``headers`` go with every request.
    """

    name: str
    application: Any
    paths: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Figures:
    """What one operation took on one console: seconds of each round, and the page it gave."""

    queries: int
    size: int
    skus: tuple[str, ...]
    seconds: list[float] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """The median time of an answer."""
        return median(self.seconds) * 1000


Results = dict[str, dict[str, Figures]]
"""Figures by operation, then by the console's name."""


def measure(consoles: list[Console], operations: tuple[str, ...], rounds: int) -> Results:
    """Time every operation on every console `rounds` times, taking turns so that all see the same machine."""
    results = {
        operation: {console.name: first_look(console, operation) for console in consoles}
        for operation in operations
    }
    for number in range(-WARM_UP_ROUNDS, rounds):
        for operation in operations:
            for console in _turned(consoles, number):
                seconds = timed(console, operation)
                if number >= 0:
                    results[operation][console.name].seconds.append(seconds)
    return results


def first_look(console: Console, operation: str) -> Figures:
    """Ask once untimed: count the queries and read which products the page shows.

    Raises RuntimeError for an answer that is not a list of products, which would be fast and worthless.
    """
    ask(console, operation)  # whatever is done once only, compiling templates say, is not this page's
    with counted_queries() as statements:
        status, body = ask(console, operation)
    page = gzip.decompress(body) if body.startswith(GZIP_MAGIC) else body
    skus = tuple(dict.fromkeys(sku.decode() for sku in SKU.findall(page)))
    if status != 200 or not skus:
        raise RuntimeError(f"{console.name} answered {status} with {len(skus)} products to {operation}")
    return Figures(queries=len(statements), size=len(body), skus=skus)


def timed(console: Console, operation: str) -> float:
    """Return the seconds from request to the last byte of the answer."""
    environ = _environ(console, operation)
    begun = perf_counter()
    _answer(console, environ)
    return perf_counter() - begun


def ask(console: Console, operation: str) -> tuple[int, bytes]:
    """Return the status and the body of a page."""
    return _answer(console, _environ(console, operation))


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collect the reading statements that any engine executes meanwhile; BEGIN and PRAGMA are not queries."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(READS):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _environ(console: Console, operation: str) -> dict[str, Any]:
    return create_environ(console.paths[operation], "http://127.0.0.1:8000", headers=dict(console.headers))


def _answer(console: Console, environ: dict[str, Any]) -> tuple[int, bytes]:
    body, status, _headers = run_wsgi_app(console.application, environ, buffered=True)
    return int(status.split()[0]), b"".join(body)


def _turned(consoles: list[Console], by: int) -> list[Console]:
    first = by % len(consoles)
    return consoles[first:] + consoles[:first]
