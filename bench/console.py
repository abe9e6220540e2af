"""A console that is asked for pages in its own process, without a network between."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.datastructures import Headers
from werkzeug.http import parse_cookie
from werkzeug.test import create_environ, run_wsgi_app

from bench.pages import LIST, Paths

GZIP_MAGIC = b"\x1f\x8b"
SKU = re.compile(rb"\b[A-Z]{3}-\d{8}\b")
HOST = "127.0.0.1:8000"

Answer = tuple[int, bytes]
"""The status and the body."""


@dataclass(frozen=True)
class Look:
    """The content of a page: its size in bytes, and the SKUs in order; a search for a SKU shows it twice."""

    status: int
    size: int
    skus: tuple[str, ...]


@dataclass
class Console:
    """A console under measurement.

    ``prepare`` makes a request of an address and headers, ``answer`` returns what the console says to it;
    only the latter is timed. ``paths`` are the addresses of the operations, ``headers`` go with every
    request, ``export`` is the address of all products as CSV, if there is one.
    """

    prepare: Callable[[str, Mapping[str, str]], Any]
    answer: Callable[[Any], Answer]
    paths: Paths
    headers: Mapping[str, str] = field(default_factory=dict)
    export: str = ""
    application: Any = None

    def get(self, path: str) -> Answer:
        """Ask for an address."""
        return self.answer(self.prepare(path, self.headers))

    def seconds(self, page: str, headers: Mapping[str, str] | None = None) -> float:
        """From the request of an operation to the last byte of its answer."""
        request = self.prepare(self.paths[page], {**self.headers, **(headers or {})})
        begun = perf_counter()
        self.answer(request)
        return perf_counter() - begun

    def look(self, page: str) -> Look:
        """Return the page that an operation shows."""
        status, body = self.get(self.paths[page])
        return Look(status, len(body), skus_in(body))

    def stream(self, path: str) -> Iterator[bytes]:
        """The pieces of an answer as they come (WSGI only)."""
        environ = self.prepare(path, self.headers)
        pieces, status, _ = run_wsgi_app(self.application, environ, buffered=False)
        if not status.startswith("200"):
            raise RuntimeError(f"{path} answered {status}")
        with closing(pieces):
            yield from pieces


def skus_in(body: bytes) -> tuple[str, ...]:
    """The SKUs that a page names in the rows of its table, each once; a search box may repeat one."""
    page = gzip.decompress(body) if body.startswith(GZIP_MAGIC) else body
    rows = page.rpartition(b"</thead>")[2].partition(b"</table>")[0]
    return tuple(dict.fromkeys(found.decode() for found in SKU.findall(rows)))


def wsgi(
    application: Any, paths: Paths, headers: Mapping[str, str] | None = None, export: str = ""
) -> Console:
    """A console that is a WSGI application, asked by a browser that has seen its list before."""

    def prepare(path: str, headers: Mapping[str, str]) -> Any:
        return create_environ(path, f"http://{HOST}", headers=dict(headers))

    def answer(environ: Any) -> Answer:
        body, status, _headers = run_wsgi_app(application, environ, buffered=True)
        return int(status.split()[0]), b"".join(body)

    first = prepare(paths[LIST], headers or {})
    _body, _status, answered = run_wsgi_app(application, first, buffered=True)
    return Console(prepare, answer, paths, kept(headers or {}, answered), export, application)


def kept(headers: Mapping[str, str], answered: Headers) -> dict[str, str]:
    """The headers of a browser that keeps the cookies of an answer; without, each page would be its first."""
    cookies = dict(parse_cookie(headers.get("Cookie", "")))
    for line in answered.getlist("Set-Cookie"):
        cookies.update(parse_cookie(line.partition(";")[0]))
    joined = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {**headers, "Cookie": joined} if joined else {**headers}


def asgi(application: Any, paths: Paths) -> Console:
    """A console that is an ASGI application, run by one event loop."""
    loop = asyncio.Runner()

    def prepare(path: str, headers: Mapping[str, str]) -> Any:
        return scope(path, headers)

    def answer(request: Any) -> Answer:
        return loop.run(collected(application, request))

    return Console(prepare, answer, paths)


async def collected(application: Any, request: dict[str, Any]) -> Answer:
    """Run an ASGI application on a request without a body and collect its answer."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await application(request, receive, send)
    return messages[0]["status"], b"".join(message.get("body", b"") for message in messages[1:])


def scope(path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """A GET request as ASGI has it (its specification, HTTP connection scope)."""
    parts = urlsplit(path)
    sent = {"host": HOST, **{name.lower(): text for name, text in headers.items()}}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": parts.path,
        "raw_path": quote(parts.path).encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), text.encode()) for name, text in sent.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
