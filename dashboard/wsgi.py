"""How Flask and the layers around it are set up from the settings."""

from __future__ import annotations

import string
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.config import Settings
from dashboard.extensions import compress
from dashboard.signing import key_config

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PACKAGE = Path(__file__).resolve().parent
MAXIMUM_BODY_BYTES = 1024 * 1024  # the longest form is a product with a 5,000-character description
MAXIMUM_FORM_PARTS = 1000


def template_folder() -> str:
    """The templates: inside an installed package, beside the package in a checkout."""
    installed = PACKAGE / "templates"
    return str(installed if installed.is_dir() else PACKAGE.parent / "templates")


def flask_config(settings: Settings) -> dict[str, Any]:
    """Flask's own configuration, and that of its extensions, for `settings`."""
    return {
        "DEBUG": False,  # else a variable of Flask's own could turn the debugger on
        **key_config(settings),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            # The threads are the limit: each reads in one connection and may note something in a second, and
            # where all wait for their second, none gives back its first.
            "max_overflow": -1,
        },
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_production else "session",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "HOSTS": settings.hosts,
        "PREFERRED_URL_SCHEME": "https" if settings.is_production else "http",
        "MAX_CONTENT_LENGTH": MAXIMUM_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAXIMUM_BODY_BYTES,
        "MAX_FORM_PARTS": MAXIMUM_FORM_PARTS,
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch is still good; the session bounds it
        "WTF_CSRF_SSL_STRICT": False,  # Sec-Fetch-Site and Origin are checked on every request instead
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_MIN_SIZE": 500,
    }


class QuotedQuery:
    """A layer that percent-encodes raw bytes in the query string.

    Servers pass them on, and Werkzeug decodes them strictly, so that any page would fail.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the request on with a query string of ASCII characters only."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=string.punctuation)
        return self.app(environ, start_response)


def init_wsgi(app: Flask) -> None:
    """Compress pages, mend query strings and believe as many proxies as the settings name."""
    compress.init_app(app)
    app.wsgi_app = QuotedQuery(app.wsgi_app)  # type: ignore[method-assign]
    proxies = app.extensions["settings"].trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
