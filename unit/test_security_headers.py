"""Headers and refusals beyond the numbered lines, which ``unit/security`` holds."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web.security_headers import policies
from unit.conftest import ClientAs, MakeApp


def test_a_page_that_another_site_opens_is_not_compressed(client: FlaskClient) -> None:
    """Else the length of the page would let that site guess the CSRF token beside what it reflects."""
    asked = {"Accept-Encoding": "gzip"}
    assert client.get("/login", headers=asked).headers["Content-Encoding"] == "gzip"
    across = client.get("/login", headers={**asked, "Sec-Fetch-Site": "cross-site"})
    assert "Content-Encoding" not in across.headers


def test_static_files_and_pages_carry_the_same_policies(app: Flask, client: FlaskClient) -> None:
    assert policies(app).items() <= dict(client.get("/login").headers).items()


def test_what_may_be_kept_says_so_itself(make_app: MakeApp) -> None:
    app = make_app()
    kept = {"Cache-Control": "public, max-age=60"}
    app.add_url_rule("/kept", "kept", lambda: ("kept", kept))
    assert app.test_client().get("/kept").headers["Cache-Control"] == kept["Cache-Control"]


@pytest.mark.parametrize("path", ["/profile", "/admin/products/export/csv/", "/admin/users/"])
def test_answers_differ_by_cookie_for_every_cache_on_the_way(client_as: ClientAs, path: str) -> None:
    assert "Cookie" in client_as("owner").get(path).headers["Vary"]
