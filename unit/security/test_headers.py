"""Security lines 43, 44, 46 and 47: allowed hosts, and the security headers of all answers."""

from collections.abc import Callable
from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import create_environ, run_wsgi_app

from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Csrf, MakeApp
from unit.security.conftest import HOST
from unit.surface import addresses

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy_of(headers: Headers) -> dict[str, str]:
    """Return the content security policy of an answer, by directive."""
    directives = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in directives}


def static_addresses(app: Flask) -> list[str]:
    """Return the addresses of all static files."""
    return list(app.extensions["assets"].addresses.values())


@pytest.mark.security(43)
class TestTheHost:
    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "localhost.evil.example",
            "evil.example:80",
            "localhost@evil.example",
            "127.0.0.1.evil.example",
            "",
            "localhost:evil",
            "local host",
            "é",
        ],
    )
    @pytest.mark.parametrize("path", ["/", "/login", "/healthz", "/nowhere", "/admin/products/"])
    def test_unknown_host_is_400(self, client: FlaskClient, host: str, path: str) -> None:
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "local host"])
    def test_static_file_for_an_unknown_host_is_400(self, app: Flask, client: FlaskClient, host: str) -> None:
        for address in static_addresses(app):
            answer = client.get(address, headers={"Host": host})
            assert (answer.status_code, answer.mimetype) == (400, "text/html")

    def test_request_without_a_host_is_400(self, app: Flask) -> None:
        for path in ("/login", "/nowhere", "/healthz", "/readyz", *static_addresses(app)):
            environ = create_environ(path)
            del environ["HTTP_HOST"]
            assert environ["SERVER_NAME"] == "localhost"
            _, status, headers = run_wsgi_app(app, environ, buffered=True)
            assert (status, policy_of(headers)) == ("400 BAD REQUEST", POLICY)

    def test_form_for_an_unknown_host_is_400(self, peopled: Flask, client_as: ClientAs, csrf: Csrf) -> None:
        client = client_as("owner")
        data = {"csrf_token": csrf(client), "name": "Kim", "mode": "dark"}
        headers = {"Host": "evil.example", "Origin": "http://evil.example"}
        assert client.post("/profile", data=data, headers=headers).status_code == 400

    @pytest.mark.parametrize("host", ["localhost", "localhost:8123", "127.0.0.1:8000", "[::1]:8000"])
    def test_development_answers_on_loopback(self, client: FlaskClient, host: str) -> None:
        assert client.get("/login", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        ("host", "status"),
        [
            (HOST, 200),
            (f"{HOST}:443", 200),
            ("b.example.org", 200),
            ("x.c.example.org", 200),
            ("localhost", 400),
            ("x.b.example.org", 400),
            ("example.org", 400),
        ],
    )
    def test_production_answers_only_to_its_names(
        self, make_production: Callable[..., Flask], host: str, status: int
    ) -> None:
        client = make_production(allowed_hosts=("b.example.org", ".c.example.org")).test_client()
        assert client.get("/login", headers={"Host": host}).status_code == status

    @pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded"])
    def test_no_other_header_replaces_the_host(self, client: FlaskClient, header: str) -> None:
        answer = client.get("/admin/", headers={header: "host=evil.example"})
        assert is_redirect(answer)
        assert "evil" not in str(answer.headers)

    def test_host_from_a_trusted_proxy_is_checked(self, make_app: MakeApp) -> None:
        client = make_app(trusted_proxies=1).test_client()
        assert client.get("/login", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


ANSWERS = {
    "a page": ("GET", "/login", 200),
    "a redirect": ("GET", "/", 302),
    "a refused page": ("GET", "/admin/products/", 302),
    "a missing page": ("GET", "/nowhere", 404),
    "the wrong method": ("GET", "/logout", 405),
    "a method nobody knows": ("PROPFIND", "/login", 405),
    "a missing token": ("POST", "/login", 400),
    "another site": ("POST", "/mode", 403),
    "what is allowed": ("OPTIONS", "/login", 200),
    "the head of a page": ("HEAD", "/login", 200),
    "a health check": ("GET", "/healthz", 200),
    "a missing file": ("GET", "/static/nothing.css", 404),
}


class TestHeaders:
    @pytest.mark.security(46, 47)
    @pytest.mark.parametrize("case", ANSWERS)
    def test_every_kind_of_answer_has_the_security_headers(self, client: FlaskClient, case: str) -> None:
        method, path, status = ANSWERS[case]
        headers = {"Sec-Fetch-Site": "cross-site"} if case == "another site" else {}
        answer = client.open(path, method=method, headers=headers)
        assert answer.status_code == status
        assert policy_of(answer.headers) == POLICY
        assert EVERYWHERE.items() <= dict(answer.headers).items()

    @pytest.mark.security(44, 46)
    def test_policy_allows_nothing_inline(self, client: FlaskClient) -> None:
        policy = client.get("/login").headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "*" not in policy

    @pytest.mark.security(46, 47)
    def test_every_page_of_a_logged_in_user_has_the_headers(
        self, peopled: Flask, client_as: ClientAs
    ) -> None:
        client = client_as("owner")
        for address in addresses(peopled, "GET"):
            answer = client.get(address)
            assert policy_of(answer.headers) == POLICY, address
            assert EVERYWHERE.items() <= dict(answer.headers).items(), address

    @pytest.mark.security(46)
    def test_answer_to_an_unknown_host_has_the_policy(self, client: FlaskClient) -> None:
        answer = client.get("/login", headers={"Host": "evil.example"})
        assert policy_of(answer.headers) == POLICY

    @pytest.mark.security(46)
    def test_error_page_has_the_policy(self, make_app: MakeApp) -> None:
        app = make_app()
        app.add_url_rule("/fault", "fault", lambda: 1 / 0)
        answer = app.test_client().get("/fault")
        assert answer.status_code == 500
        assert policy_of(answer.headers) == POLICY

    @pytest.mark.security(46, 47)
    def test_every_static_file_has_the_headers(self, app: Flask, client: FlaskClient) -> None:
        for address in static_addresses(app):
            with closing(client.get(address)) as answer:
                assert answer.status_code == 200
                assert policy_of(answer.headers) == POLICY, address
                assert EVERYWHERE.items() <= dict(answer.headers).items(), address

    @pytest.mark.security(47)
    @pytest.mark.parametrize("feature", ["camera", "geolocation", "microphone", "payment", "usb"])
    def test_device_features_are_disabled(self, client: FlaskClient, feature: str) -> None:
        assert f"{feature}=()" in client.get("/login").headers["Permissions-Policy"]

    @pytest.mark.security(47)
    @pytest.mark.parametrize("path", ["/login", "/nowhere", "/", "/healthz"])
    def test_production_requires_https_for_a_year(self, production: FlaskClient, path: str) -> None:
        value = production.get(path).headers["Strict-Transport-Security"]
        assert "max-age=31536000" in value

    @pytest.mark.security(47)
    def test_static_file_in_production_requires_https(self, make_production: Callable[..., Flask]) -> None:
        app = make_production()
        with closing(app.test_client().get(static_addresses(app)[0])) as answer:
            assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]

    @pytest.mark.security(47)
    def test_development_does_not_require_https(self, client: FlaskClient) -> None:
        assert "Strict-Transport-Security" not in client.get("/login").headers

    def test_no_header_names_the_server_software(self, client: FlaskClient) -> None:
        names = client.get("/login").headers.keys()
        assert not {"Server", "X-Powered-By"} & set(names)
