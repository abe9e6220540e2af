"""Security headers of all answers, and requests that are refused before any view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.sansio.utils import get_host

from dashboard.bounds import ADDRESS_BYTES
from dashboard.config import HTTPS_PORT
from dashboard.extensions import SAFE_METHODS
from dashboard.web.slots import LATE, Busy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
POLICIES = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
LEAVES_FOR = "leaves_for"
"""The name in `flask.g` of the one address elsewhere to which this request may be redirected."""
ROOT_ONLY = "The console needs a host name or a port of its own; it does not work below a path."
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


def init_security_headers(app: Flask) -> None:
    """Refuse forged requests before every view, and add the headers after it, also to errors."""
    app.before_request(refuse_prefix)
    app.before_request(refuse_late)
    app.before_request(refuse_unknown_host)
    app.before_request(refuse_cross_site)
    app.before_request(leave_cross_site_uncompressed)
    app.after_request(keep_redirects_here)
    app.after_request(add_headers)


def policies(app: Flask) -> dict[str, str]:
    """Return the headers of all answers, pages and static files alike."""
    secure = app.config["SESSION_COOKIE_SECURE"]
    return {**POLICIES, "Strict-Transport-Security": STRICT_TRANSPORT_SECURITY} if secure else POLICIES


def refuse_prefix() -> Response | None:
    """Answer 404 in plain text if a server mounted the console below the root of its host."""
    if not request.script_root:
        return None
    return Response(
        f"{ROOT_ONLY} This request came below {request.script_root}.\n", 404, mimetype="text/plain"
    )


def refuse_late() -> None:
    """Raise `Busy` for a request that waited too long for a thread: its client may be gone."""
    if request.environ.get(LATE):
        raise Busy


def refuse_unknown_host() -> None:
    """Refuse requests whose Host header names an unknown host (400)."""
    if not is_known_host(request.environ, current_app):
        abort(400, "This server does not answer to that name.")


def is_known_host(environ: WSGIEnvironment, app: Flask) -> bool:
    """Whether a request names an allowed host.

    A request without a Host header does not; Werkzeug would take the address that the server listens on. Its
    own check, `TRUSTED_HOSTS`, cuts names at the first colon and so supports no IPv6 addresses.
    """
    named = get_host(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""))
    host = urlsplit(f"//{named}").hostname or ""
    return any(_names(name.lower(), host) for name in app.config["HOSTS"])


def _names(name: str, host: str) -> bool:
    """Whether `name` from the settings matches `host`; a leading dot includes all subdomains."""
    if name.startswith("."):
        return host == name[1:] or host.endswith(name)
    return host == name.strip("[]")


def refuse_cross_site() -> None:
    """Refuse a request by another site that would change something, whatever its token (403)."""
    if request.method in SAFE_METHODS:
        return
    refuse_foreign()
    origin = request.headers.get("Origin")
    if origin and not is_own_origin(origin):
        _refuse_as_foreign()


def refuse_foreign() -> None:
    """Refuse any request that a browser marks as made by another site (403); other clients mark nothing."""
    if request.headers.get("Sec-Fetch-Site") not in (None, "same-origin", "none"):
        _refuse_as_foreign()


def _refuse_as_foreign() -> NoReturn:
    g.is_foreign = True  # told in the log of those who refuse it
    abort(403, "This request came from another site and was refused.")


def is_own_origin(origin: str) -> bool:
    """Whether an Origin header names a page of the console.

    In production that is https on one of its hosts, since proxies change the Host header. The port is that
    of ``DASHBOARD_BASE_URL``, the default one, or the one in the Host header: servers on other ports of the
    same machine may belong to other users, and get the console's cookies from the browser too.
    """
    if not current_app.config["SESSION_COOKIE_SECURE"]:
        return origin.partition("://")[2] == request.host
    try:
        named, asked = urlsplit(origin), urlsplit(f"//{request.host}")
        ports = {*current_app.config["HTTPS_PORTS"], asked.port}
        host, port = named.hostname or "", named.port or HTTPS_PORT
    except ValueError:
        return False
    is_plain = origin == f"https://{named.netloc}" and "@" not in named.netloc
    return (
        is_plain and port in ports and any(_names(name.lower(), host) for name in current_app.config["HOSTS"])
    )


def leave_cross_site_uncompressed() -> None:
    """Send the answer uncompressed where another site opened the page.

    A page contains a CSRF token and reflects the query, so the length of its compressed form would let the
    other site guess the token (the BREACH attack).
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        request.environ["HTTP_ACCEPT_ENCODING"] = "identity"


def keep_redirects_here(response: Response) -> Response:
    """Replace a Location that leaves this origin."""
    location = response.headers.get("Location")
    if location is None or location == g.get(LEAVES_FOR):
        return response
    local = location.removeprefix(request.host_url.rstrip("/"))
    if not is_local_address(local):
        current_app.logger.error("A redirect that leads elsewhere or is too long was stopped: %r", location)
        local = "/"
    response.headers["Location"] = local
    return response


def is_local_address(target: str) -> bool:
    """Whether `target` is a path on this origin, of a bounded length.

    Backslashes and control characters are refused, since browsers read ``/\\\\host`` and ``/\\t/host`` as
    another host.
    """
    if len(target) > ADDRESS_BYTES or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if any(character < " " or character == "\x7f" for character in target):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def add_headers(response: Response) -> Response:
    """Add the policy headers, and `no-store` to every answer that says nothing else about caching."""
    present = {name.lower() for name, _ in response.headers}
    added = {**policies(current_app), "Cache-Control": "no-store"}
    response.headers.extend((name, value) for name, value in added.items() if name.lower() not in present)
    return response
