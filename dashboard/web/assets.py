"""Static files under content-hashed names, compressed once, kept in memory, cached by browsers for ever."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
from flask import Flask
from markupsafe import Markup
from werkzeug.datastructures import Accept
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_accept_header, parse_range_header
from werkzeug.wrappers import Response

from dashboard.web.security_headers import is_known_host, policies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = Path(__file__).parent.parent / "static"
PREFIX = "/static/"
HASH_LENGTH = 12
SYMBOL = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>')
STYLE_SHEET = "console.css"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
"""By suffix. What a system knows about suffixes differs from one to the next."""
METHODS = ("GET", "HEAD")
OTHER_TYPE = "application/octet-stream"
HEADERS = {
    "Cache-Control": "max-age=315360000, public, immutable",
    "Vary": "Accept-Encoding",
    "Accept-Ranges": "bytes",
}


@dataclass(frozen=True)
class Asset:
    """A static file: ``contents`` holds it in each encoding, the shortest first; "" is as it is."""

    media_type: str
    digest: str
    modified: datetime
    contents: Mapping[str, bytes]

    def answer(self, environ: WSGIEnvironment) -> Response:
        """What is sent of it: all, a range, or that the browser's copy is still good."""
        accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING"), Accept)
        wanted = {"", *(name for name, quality in accepted if quality)}
        encoding = next(each for each in self.contents if each in wanted)
        content = self.contents[encoding]
        response = Response(content, content_type=self.media_type, headers=HEADERS)
        if encoding:
            response.content_encoding = encoding
        response.set_etag(f"{self.digest}-{encoding}" if encoding else self.digest)
        response.last_modified = self.modified
        return response.make_conditional(environ, _asks_for_a_range(environ), len(content))


def _asks_for_a_range(environ: WSGIEnvironment) -> bool:
    # What is none, or several, may be ignored (RFC 9110, 14.2); Werkzeug would refuse it.
    asked = parse_range_header(environ.get("HTTP_RANGE"))
    return asked is not None and asked.units == "bytes" and len(asked.ranges) == 1


class Assets:
    """A layer that answers for the static files, and hands everything else on.

    So it does where the request names another host: the application refuses that with a page.
    """

    def __init__(self, console: Flask) -> None:
        self.app: WSGIApplication = console.wsgi_app
        self.console = console
        files, self.addresses = _build()
        self.files = dict(files)

    def serves(self, name: str) -> bool:
        """Whether a file is there under the address that pages name."""
        return self.addresses[name] in self.files

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request for one of the files."""
        asset = self.files.get(environ.get("PATH_INFO", ""))
        if asset is None or not is_known_host(environ, self.console):
            return self.app(environ, start_response)
        response = _answer(asset, environ)
        response.headers.update(policies(self.console))
        return response(environ, start_response)


def _answer(asset: Asset, environ: WSGIEnvironment) -> Response:
    if environ["REQUEST_METHOD"] not in METHODS:
        return Response(status=405, headers={"Allow": ", ".join(METHODS)})
    try:
        return asset.answer(environ)
    except RequestedRangeNotSatisfiable as refusal:
        return Response(status=416, headers={"Content-Range": f"bytes */{refusal.length}"})


def init_assets(app: Flask) -> None:
    """Serve the static files in front of the application and give templates `asset` and `symbol`."""
    assets = Assets(app)
    icons = assets.addresses["icons.svg"]
    app.wsgi_app = assets  # type: ignore[method-assign]
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.addresses.__getitem__
    app.jinja_env.globals["symbol"] = cache(lambda name: SYMBOL.format(icons, name))


@cache
def _build() -> tuple[Mapping[str, Asset], Mapping[str, str]]:
    # Once a process, before its workers fork. Nothing is written: a cleaner of temporary folders would take
    # the files away, a killed process would leave them, and the package may lie on a read-only disk.
    files, addresses = {}, {}
    for source in sorted(path for path in STATIC.iterdir() if path.is_file()):
        asset = _read(source)
        addresses[source.name] = f"{PREFIX}{source.stem}.{asset.digest}{source.suffix}"
        files[addresses[source.name]] = asset
    return files, addresses


def _read(source: Path) -> Asset:
    content = source.read_bytes()
    if source.suffix == ".js":
        content = _without_comments(content)
    digest = sha256(content).hexdigest()[:HASH_LENGTH]
    modified = datetime.fromtimestamp(int(source.stat().st_mtime), UTC)
    encoded = {"": content, "gzip": gzip.compress(content, 9, mtime=0), "br": brotli.compress(content)}
    return Asset(TYPES.get(source.suffix, OTHER_TYPE), digest, modified, _shortest_first(encoded))


def _shortest_first(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return dict(sorted(contents.items(), key=lambda item: len(item[1])))


def _without_comments(script: bytes) -> bytes:
    """A script without the lines that only readers need: every page pays for its scripts by the byte."""
    lines = script.splitlines(keepends=True)
    return b"".join(line for line in lines if line.strip() and not line.lstrip().startswith(b"//"))
