"""Sets up Flask, and the layers around it, from the settings."""

from __future__ import annotations

import string
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Request, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import cached_property

from dashboard.bounds import ADDRESS_BYTES, BODY_BYTES, BODY_FIELDS, HEADER_BYTES, PARAMETERS, PARTS
from dashboard.config import Settings
from dashboard.extensions import compress
from dashboard.number_form import number_words
from dashboard.web.addresses import PACKED, unpacked
from dashboard.web.signing import key_config

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PACKAGE = Path(__file__).resolve().parent.parent
REFUSED = "dashboard.refused"
"""The key of a WSGI environment under which is the status that refuses the request."""


def template_folder() -> str:
    """Return the folder of the templates: in an installed package, beside the package in a checkout."""
    installed = PACKAGE / "templates"
    return str(installed if installed.is_dir() else PACKAGE.parent / "templates")


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return the configuration of Flask and its extensions for `settings`."""
    return {
        "DEBUG": False,  # or an environment variable of Flask could turn on the debugger
        **key_config(settings),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,  # errors are logged, and a statement may contain the hash of a password
            # Unlimited: the threads are the limit. Each reads in one connection and may write in a second; if
            # all of them had to wait for the second, none of them would return the first.
            "max_overflow": -1,
            # Connections that stay open. On SQLite each has its own cache, and opening one is cheap.
            "pool_size": 5 if settings.database_url.startswith("sqlite") else 16,
        },
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_production else "session",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "HOSTS": settings.hosts,
        "HTTPS_PORTS": settings.https_ports,
        "PREFERRED_URL_SCHEME": "https" if settings.is_production else "http",
        "MAX_CONTENT_LENGTH": BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": BODY_BYTES,
        "MAX_FORM_PARTS": PARTS,
        "WTF_CSRF_TIME_LIMIT": None,  # a token is valid as long as its session
        "WTF_CSRF_SSL_STRICT": False,  # Sec-Fetch-Site and Origin are checked on every request instead
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_MIN_SIZE": 500,
    }


class FewFields(FormDataParser):
    """A parser that counts the fields of a form before parsing them."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """Parse a body; answers 413 where it has too many fields."""
        if mimetype == "application/x-www-form-urlencoded":
            body = stream.read()
            if body.count(b"&") >= BODY_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        found = super().parse(stream, mimetype, content_length, options)
        if any(None in fields for fields in found[1:]):
            raise BadRequest("A part of the form has no name.")
        return found


class ConsoleRequest(Request):
    """A request with a bounded number of form fields; only a large upload becomes a temporary file."""

    form_data_parser_class = FewFields
    # Or Flask-WTF would fill forms from JSON, with types that no field expects.
    is_json = False

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The parameters of the address, unpacked: every page accepts packed ones."""
        asked = super().args
        return (
            self.parameter_storage_class(unpacked(tuple(asked.items(multi=True))))
            if PACKED in asked
            else asked
        )

    def _get_file_stream(self, *_described: object, **_too: object) -> IO[bytes]:
        # Any form can be sent files. Only those that may be large are written to the disk.
        if (self.max_content_length or 0) <= BODY_BYTES:
            return BytesIO()
        self.on_disk.append(tempfile.TemporaryFile())  # noqa: SIM115 - `close` does it
        return self.on_disk[-1]

    @cached_property
    def on_disk(self) -> list[IO[bytes]]:
        """The temporary files with what was uploaded; they go with the request."""
        return []

    def close(self) -> None:
        """Close all files, also those of a form that was refused while it was read."""
        super().close()
        for file in self.on_disk:
            file.close()


class BoundedHead:
    """A layer that checks the lengths of a request's address and headers before anything reads them.

    It removes what is too long and marks the request, so that the console answers with its own page.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on; one that is too long, shortened and with the status that refuses it."""
        if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > ADDRESS_BYTES:
            environ.update({"PATH_INFO": "/", "QUERY_STRING": "", REFUSED: 414})
        for name in [
            name for name, value in environ.items() if is_header(name) and len(value) > HEADER_BYTES
        ]:
            del environ[name]
            environ[REFUSED] = 431
        return self.app(environ, start_response)


def is_header(name: str) -> bool:
    """Whether a variable of the WSGI environment is a header that the client sent."""
    return name.startswith("HTTP_") or name == "CONTENT_TYPE"


def refuse_excess() -> None:
    """Refuse an address or header that is too long, before anything else reads it."""
    if status := request.environ.get(REFUSED):
        abort(status)


def refuse_long_parameters() -> None:
    """Refuse a parameter of a form that is too long; it is the first that reads the body of a request."""
    for name, longest in PARAMETERS.items():
        if any(len(value) > longest for value in request.form.getlist(name)):
            abort(400, f"“{name}” is longer than {number_words(longest)} characters. Nothing was changed.")


class QuotedQuery:
    """A layer that percent-encodes raw bytes in the query string.

    Servers pass them on, and Werkzeug decodes them strictly, so every page would fail.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on with a query string of ASCII characters."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=string.punctuation)
        return self.app(environ, start_response)


def init_wsgi(app: Flask) -> None:
    """Compress pages, repair query strings, trust as many proxies as the settings say, bound lengths."""
    compress.init_app(app)
    app.wsgi_app = QuotedQuery(app.wsgi_app)  # type: ignore[method-assign]
    proxies = app.extensions["settings"].trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    app.wsgi_app = BoundedHead(app.wsgi_app)  # type: ignore[method-assign]


def init_bounds(app: Flask) -> None:
    """Refuse requests whose head is too long before any other part of the application reads them."""
    app.request_class = ConsoleRequest
    app.before_request(refuse_excess)


def init_parameters(app: Flask) -> None:
    """Refuse forms with a parameter that is too long, once it is known how large their bodies may be."""
    app.before_request(refuse_long_parameters)
