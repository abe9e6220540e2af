"""Static files under content-hashed names, compressed once, cached by browsers for ever."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from wsgiref.headers import Headers

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from dashboard.security_headers import policies

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"
HASH_LENGTH = 12
SYMBOL = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>')


def init_assets(app: Flask) -> None:
    """Serve the static files in front of the application and give templates `asset` and `symbol`."""
    folder, names = _build()
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=PREFIX,
        immutable_file_test=lambda _path, _url: True,  # every name carries its hash
        add_headers_function=lambda headers, _path, _url: add_headers(headers, policies(app)),
    )
    icons = PREFIX + names["icons.svg"]
    app.jinja_env.globals["asset"] = lambda name: PREFIX + names[name]
    app.jinja_env.globals["symbol"] = cache(lambda name: SYMBOL.format(icons, name))


@cache
def _build() -> tuple[Path, dict[str, str]]:
    # Once a process, into a folder that goes with it: an installed package may lie on a read-only disk.
    folder = Path(tempfile.mkdtemp(prefix="dashboard-static-"))
    atexit.register(_remove, folder, os.getpid())
    compressor = Compressor(quiet=True)
    names = {}
    for source in sorted(path for path in STATIC.iterdir() if path.is_file()):
        content = _without_comments(source.read_bytes()) if source.suffix == ".js" else source.read_bytes()
        digest = sha256(content).hexdigest()[:HASH_LENGTH]
        names[source.name] = f"{source.stem}.{digest}{source.suffix}"
        (folder / names[source.name]).write_bytes(content)
        compressor.compress(str(folder / names[source.name]))
    return folder, names


def _without_comments(script: bytes) -> bytes:
    """A script without the lines that only readers need: every page pays for its scripts by the byte."""
    lines = script.splitlines(keepends=True)
    return b"".join(line for line in lines if line.strip() and not line.lstrip().startswith(b"//"))


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker must not take its siblings' files away
        rmtree(folder, ignore_errors=True)


def add_headers(headers: Headers, added: Mapping[str, str]) -> None:
    """Put `added` among the headers of a static file."""
    for name, value in added.items():
        headers[name] = value
