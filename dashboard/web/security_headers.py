"""What every answer tells the browser, and which requests are refused before any view sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
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
ROOT_ONLY = "The console needs a host name or a port of its own; it does not work below a path."
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


def init_security_headers(app: Flask) -> None:
    """Refuse forged requests before, and add the headers after every view, errors included."""
    app.before_request(refuse_prefix)
    app.before_request(refuse_late)
    app.before_request(refuse_unknown_host)
    app.before_request(refuse_cross_site)
    app.before_request(leave_cross_site_uncompressed)
    app.after_request(keep_redirects_here)
    app.after_request(add_headers)


def policies(app: Flask) -> dict[str, str]:
    """What every answer carries, pages and static files alike."""
    secure = app.config["SESSION_COOKIE_SECURE"]
    return {**POLICIES, "Strict-Transport-Security": STRICT_TRANSPORT_SECURITY} if secure else POLICIES


def refuse_prefix() -> Response | None:
    """Say in plain text that the console works at the root of a host only, if a server mounted it below."""
    if not request.script_root:
        return None
    return Response(
        f"{ROOT_ONLY} This request came below {request.script_root}.\n", 404, mimetype="text/plain"
    )


def refuse_late() -> None:
    """Raise `Busy` for a request that waited too long for a thread; its client may be gone."""
    if request.environ.get(LATE):
        raise Busy


def refuse_unknown_host() -> None:
    """Answer only to our own names (400), whatever a forged Host header says."""
    if not is_known_host(request.environ, current_app):
        abort(400, "This server does not answer to that name.")


def is_known_host(environ: WSGIEnvironment, app: Flask) -> bool:
    """Whether a request names a host that the console answers to.

    Without a Host header it names none; Werkzeug would take the address that the server listens on. Its own
    check, `TRUSTED_HOSTS`, cuts names at the first colon and so knows no IPv6 address.
    """
    named = get_host(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""))
    host = urlsplit(f"//{named}").hostname or ""
    return any(_names(name.lower(), host) for name in app.config["HOSTS"])


def _names(name: str, host: str) -> bool:
    """Whether `name` from the settings stands for `host`; a leading dot takes in every subdomain."""
    if name.startswith("."):
        return host == name[1:] or host.endswith(name)
    return host == name.strip("[]")


def refuse_cross_site() -> None:
    """Refuse a changing request that another site made, whatever token it carries (403)."""
    if request.method in SAFE_METHODS:
        return
    refuse_foreign()
    origin = request.headers.get("Origin")
    if origin and not is_own_origin(origin):
        abort(403, "This request came from another site and was refused.")


def refuse_foreign() -> None:
    """Refuse what another site made a browser ask for, be it only to read (403); scripts do not say."""
    if request.headers.get("Sec-Fetch-Site") not in (None, "same-origin", "none"):
        abort(403, "This request came from another site and was refused.")


def is_own_origin(origin: str) -> bool:
    """Whether a browser sent a form from a page of the console.

    In production that is https on one of its names, for proxies change the Host header. Its port is that of
    ``DASHBOARD_BASE_URL``, the usual one, or the one in the Host header: what listens on other ports of the
    same machine may belong to other users, and the browser sends it the console's cookies too.
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
    """Answer a navigation that another site began without compression.

    A page holds a CSRF token and reflects the query; the length of its compressed form would let the other
    site guess the token (the BREACH attack).
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        request.environ["HTTP_ACCEPT_ENCODING"] = "identity"


def keep_redirects_here(response: Response) -> Response:
    """Make sure that no Location leaves this origin, whoever wrote it."""
    location = response.headers.get("Location")
    if location is None:
        return response
    local = location.removeprefix(request.host_url.rstrip("/"))
    if not is_local_address(local):
        current_app.logger.error("A redirect that leads elsewhere or is too long was stopped: %r", location)
        local = "/"
    response.headers["Location"] = local
    return response


def is_local_address(target: str) -> bool:
    """Whether a browser that follows `target` stays on this origin: a path of a bounded length, nothing else.

    Backslashes and control characters are refused, for browsers read ``/\\\\host`` and ``/\\t/host`` as
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
    """Add the policy headers, and forbid keeping what only logged-in people may see."""
    said = {name.lower() for name, _ in response.headers}
    added = {**policies(current_app), "Cache-Control": "no-store"}
    response.headers.extend((name, value) for name, value in added.items() if name.lower() not in said)
    return response
