"""Security line 42: no Location leads off this origin."""

from urllib.parse import parse_qs, quote, urljoin, urlsplit

import pytest
from flask import Flask, Response, redirect
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from dashboard.web.security_headers import is_local_address
from unit.conftest import ClientAs, MakeApp, Submit

pytestmark = pytest.mark.security(42)

VIEWER = {"email": "viewer@example.test", "password": PASSWORD}
LOCAL = [
    "/",
    "/admin/products/",
    "/admin/products/?q=lamp&sort=-price#top",
    "/admin/products/?q=http://example.org//x",
    "/admin/products/?next=//example.org",
    "/caf%C3%A9",
    "/%2F%2Fevil.example",
    "/:80",
]
FOREIGN = [
    "https://evil.example",
    "http://evil.example/admin/",
    "HTTPS://evil.example",
    "ftp://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/..;/",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "/\x7f/evil.example",
    "/\x1f/evil.example",
    "/admin\r\nSet-Cookie: session=x",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,hello",
    "vbscript:x",
    "mailto:kim@evil.example",
    "http://localhost@evil.example",
    "http://localhost:80@evil.example",
    "//localhost@evil.example",
    "http://localhost.evil.example",
    "@evil.example",
    "evil.example",
    "admin/products/",
    "?next=x",
    "#top",
    "http://[::1",
    "//[",
    "",
]
ENCODED = ["%2F%2Fevil.example", "%5C%5Cevil.example", "/%5Cevil.example", "%68ttps://evil.example", "/%09/x"]


def browser_goes_to(location: str) -> str:
    """Return the origin to which a browser goes: it drops tabs and line breaks, and reads \\ as /."""
    cleaned = "".join(c for c in location.strip("\x00\x1f ") if c not in "\t\r\n").replace("\\", "/")
    parts = urlsplit(urljoin("http://localhost/login", cleaned))
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.parametrize("target", LOCAL)
def test_local_address_is_recognised(target: str) -> None:
    assert is_local_address(target)


@pytest.mark.parametrize("target", FOREIGN, ids=ascii)
def test_any_other_address_is_not_local(target: str) -> None:
    assert not is_local_address(target)


@pytest.mark.parametrize("target", [*LOCAL, *ENCODED], ids=ascii)
def test_login_redirects_within_this_origin(
    peopled: Flask, client: FlaskClient, submit: Submit, target: str
) -> None:
    answer = submit(client, f"/login?next={quote(target, safe='')}", **VIEWER)
    assert is_redirect(answer)
    assert browser_goes_to(answer.headers["Location"]) == "http://localhost"
    assert answer.headers["Location"].startswith("/")


@pytest.mark.parametrize("target", ["/admin/categories/?q=é", "/profile"])
def test_login_leads_back_to_a_local_target(
    peopled: Flask, client: FlaskClient, submit: Submit, target: str
) -> None:
    answer = submit(client, f"/login?next={quote(target)}", **VIEWER)
    assert answer.headers["Location"] == quote(target, safe="/?=")


@pytest.mark.parametrize("target", FOREIGN, ids=ascii)
def test_login_with_a_foreign_target_leads_to_products(
    peopled: Flask, client: FlaskClient, submit: Submit, target: str
) -> None:
    """As GHSA-w2j7-f3c6-g8cw and CVE-2023-49438 of Flask-Security, which took backslashes for a path."""
    assert submit(client, "/login", next=target, **VIEWER).location == "/admin/products/"


@pytest.mark.parametrize("parameter", ["next", "url"])
@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/mode", {"mode": "dark"}),
        ("/logout", {}),
        ("/admin/products/delete/", {"id": "1"}),
        ("/admin/products/action/", {"action": "draft", "rowid": "1", "confirm": "1"}),
        ("/admin/products/action/", {"action": "draft"}),
        ("/admin/categories/new/", {"name": "Garden"}),
        ("/admin/users/deactivate/", {"id": "1"}),
        ("/profile", {"name": "Kim", "mode": "dark"}),
    ],
    ids=str,
)
def test_no_form_redirects_to_a_foreign_target(
    peopled: Flask,
    client_as: ClientAs,
    submit: Submit,
    path: str,
    fields: dict[str, str],
    target: str,
    parameter: str,
) -> None:
    answer = submit(client_as("owner"), path, **fields, **{parameter: target})
    assert is_redirect(answer)
    assert browser_goes_to(answer.headers["Location"]) == "http://localhost"
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
@pytest.mark.parametrize("screen", ["details", "edit", "delete"])
def test_no_page_links_to_a_foreign_target(
    peopled: Flask, client_as: ClientAs, screen: str, target: str
) -> None:
    answer = client_as("owner").get(f"/admin/products/{screen}/?id=1&next={quote(target)}")
    assert answer.status_code == 200
    assert 'href="https://evil' not in answer.text
    assert 'href="//evil' not in answer.text
    assert 'href="/\\' not in answer.text
    assert 'name="next" value="/admin/products/"' in answer.text or screen != "delete"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "//evil.example",
        "/\\evil.example",
        "http://localhost.evil.example",
        "https:x",
    ],
)
def test_redirect_off_this_origin_is_stopped(
    make_app: MakeApp, location: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    app.add_url_rule("/away", "away", lambda: redirect(location))
    answer = app.test_client().get("/away")
    assert answer.headers["Location"] == "/"
    assert "was stopped" in caplog.text


def test_foreign_location_without_a_redirect_is_stopped(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/made", "made", lambda: Response(status=201, headers={"Location": "//evil.example"}))
    assert app.test_client().get("/made").headers["Location"] == "/"


def test_redirect_within_this_origin_becomes_a_path(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/on", "on", lambda: redirect("http://localhost/admin/?x=1"))
    assert app.test_client().get("/on").headers["Location"] == "/admin/?x=1"


@pytest.mark.parametrize("path", ["//evil.example/%2e%2e", "/admin/products//evil.example", "/admin"])
def test_unusual_path_does_not_redirect_off_this_origin(client: FlaskClient, path: str) -> None:
    answer = client.get(f"http://localhost{path}")
    assert browser_goes_to(answer.headers.get("Location", "/")) == "http://localhost"


@pytest.mark.parametrize(
    "path",
    ["/admin/products/", "/admin/products/?q=%0d%0aSet-Cookie:x", "/admin/?next=//evil.example", "/profile"],
)
def test_redirect_to_login_stays_on_this_origin(client: FlaskClient, path: str) -> None:
    location = client.get(path).headers["Location"]
    assert location.startswith("/login?next=%2F")
    assert browser_goes_to(location) == "http://localhost"


@pytest.mark.parametrize(
    "asked",
    ["/admin/products/?q=lamp&status=draft&page=2", "/admin/products/?q=a%26b%3Dc+d", "/admin/users/"],
)
def test_login_leads_to_the_address_first_requested(
    app: Flask, client: FlaskClient, submit: Submit, asked: str
) -> None:
    email = an_owner(app)
    to_log_in = client.get(asked)
    assert parse_qs(urlsplit(to_log_in.location).query)["next"] == [asked]
    answer = submit(client, to_log_in.location, email=email, password=PASSWORD)
    assert answer.location == asked


def an_owner(app: Flask) -> str:
    """Add an owner and return their email."""
    with app.app_context():
        email = str(the_account("owner").email)
        db.session.commit()
        return email
