"""Static files under content-hashed names, compressed once, held in memory, cached by browsers for years.

Style sheets and scripts are divided by concern into files that ``@import`` and ``import`` each other.
A browser would fetch each of them separately, at an address without a hash. So a file is sent as one with
the files it imports, each once and before the first file that imports it. The parts of a script then share
one scope, so no two of them may define the same name at the top level. There is no build step: the console
joins the files when it starts.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from os.path import normpath
from pathlib import Path, PurePosixPath
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
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""By suffix; the types that a system knows differ from one to the next."""
MORE = "more_assets"
"""The key of an application's extensions under which are the files of plug-ins, by their names."""
IMPORTS = {
    ".css": re.compile(rb'^@import "([\w./-]+)";\n', re.M),
    ".js": re.compile(rb'^import .*"([\w./-]+)";\n', re.M),
}
NOT_SENT = {
    ".css": re.compile(rb"^(?: */\*[^*]*\*/)?\n|^ +", re.M),
    ".js": re.compile(rb"^ *(?://.*)?\n|^ +", re.M),
}
"""Comments, blank lines and indentation: every byte delays the first page.

No text of a script has two lines.
"""
EXPORT = re.compile(rb"^export (?=const|let|class|function|async)", re.M)
METHODS = ("GET", "HEAD")
OTHER_TYPE = "application/octet-stream"
HEADERS = {
    "Cache-Control": "max-age=315360000, public, immutable",
    "Vary": "Accept-Encoding",
    "Accept-Ranges": "bytes",
}


@dataclass(frozen=True)
class Asset:
    """A static file: ``contents`` holds it by encoding, the shortest first; "" is uncompressed."""

    media_type: str
    digest: str
    modified: datetime
    contents: Mapping[str, bytes]

    def answer(self, environ: WSGIEnvironment) -> Response:
        """Return the response to a request for it: all of it, a range, or 304 for an unchanged copy."""
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
    # An invalid range, or several, may be ignored (RFC 9110, 14.2); Werkzeug would refuse them.
    asked = parse_range_header(environ.get("HTTP_RANGE"))
    return asked is not None and asked.units == "bytes" and len(asked.ranges) == 1


class Assets:
    """A layer that serves the static files and passes every other request on to the application.

    It also passes on requests for an unknown host, which the application refuses with a page.
    """

    def __init__(self, console: Flask) -> None:
        self.app: WSGIApplication = console.wsgi_app
        self.console = console
        files, addresses = build(STATIC)
        more = console.extensions.get(MORE, {})
        self.addresses = {**addresses, **{name: address for name, (address, _) in more.items()}}
        self.files = {**files, **dict(more.values())}

    def serves(self, name: str) -> bool:
        """Whether the address that pages link to for `name` is that of a file."""
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


def add_files(app: Flask, files: Mapping[str, Path]) -> None:
    """Let `app` serve `files` too, each by its name, such as ``shop/shop.css``.

    Raises OSError where one cannot be read, or imports one that is not there, and ValueError where one
    imports what is none of them: that would be served with it.
    """
    more: dict[str, tuple[str, Asset]] = app.extensions.setdefault(MORE, {})
    parts = frozenset(map(_plain, files.values()))
    more.update((name, _addressed(name, _read(path, parts))) for name, path in files.items())


def _addressed(name: str, asset: Asset) -> tuple[str, Asset]:
    path = PurePosixPath(name)
    return f"{PREFIX}{path.with_name(f'{path.stem}.{asset.digest}{path.suffix}')}", asset


@cache
def build(folder: Path) -> tuple[Mapping[str, Asset], Mapping[str, str]]:
    """Return the files of a folder by address, without subfolders, and their addresses by name."""
    # Once per process, before its workers fork. Nothing is written to disk: temporary files can be cleaned up
    # too early or left behind, and the package may be on a read-only disk.
    files, addresses = {}, {}
    parts = frozenset(map(_plain, folder.rglob("*")))
    for source in sorted(path for path in folder.iterdir() if path.is_file()):
        addresses[source.name], asset = _addressed(source.name, _read(source, parts))
        files[addresses[source.name]] = asset
    return files, addresses


def _read(source: Path, allowed: Collection[Path]) -> Asset:
    """A file joined with those that it imports, which are among the `allowed` ones."""
    parts = list(_in_order(_plain(source), allowed, set()))
    content = b"".join(_sent(part, is_part=part != parts[-1]) for part in parts)
    digest = sha256(content).hexdigest()[:HASH_LENGTH]
    modified = datetime.fromtimestamp(int(max(part.stat().st_mtime for part in parts)), UTC)
    encoded = {"": content, "gzip": gzip.compress(content, 9, mtime=0), "br": brotli.compress(content)}
    return Asset(TYPES.get(source.suffix, OTHER_TYPE), digest, modified, _shortest_first(encoded))


def _in_order(source: Path, allowed: Collection[Path], met: set[Path]) -> Iterator[Path]:
    """Yield the files that a file imports, each once and before the first that imports it, then the file."""
    met.add(source)
    for part in _imported(source, allowed):
        if part not in met:
            yield from _in_order(part, allowed, met)
    yield source


def _imported(source: Path, allowed: Collection[Path]) -> list[Path]:
    if source.suffix not in IMPORTS:
        return []
    names = [name.decode() for name in IMPORTS[source.suffix].findall(source.read_bytes())]
    found = {name: _plain(source.parent / name) for name in names}
    for name, part in found.items():
        if part not in allowed and part.exists():
            raise ValueError(f"{source.name} imports {name}, which is not among the static files.")
    return [*found.values()]


def _plain(path: Path) -> Path:
    """The path without dots: as a file is opened, and met once however it is named."""
    return Path(normpath(path))


def _sent(source: Path, *, is_part: bool) -> bytes:
    content = source.read_bytes()
    if source.suffix not in IMPORTS:
        return content
    content = NOT_SENT[source.suffix].sub(b"", IMPORTS[source.suffix].sub(b"", content))
    return EXPORT.sub(b"", content) if is_part else content


def _shortest_first(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return dict(sorted(contents.items(), key=lambda item: len(item[1])))
