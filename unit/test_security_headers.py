"""Headers and refusals beyond the numbered lines, which are tested in ``unit/security``."""

from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web.security_headers import policies
from unit.conftest import ClientAs, MakeApp


def test_page_opened_by_another_site_is_not_compressed(client: FlaskClient) -> None:
    """Or that site could guess the CSRF token by the length of the page, which reflects the query."""
    asked = {"Accept-Encoding": "gzip"}
    assert client.get("/login", headers=asked).headers["Content-Encoding"] == "gzip"
    across = client.get("/login", headers={**asked, "Sec-Fetch-Site": "cross-site"})
    assert "Content-Encoding" not in across.headers


def test_static_files_and_pages_have_the_same_policies(app: Flask, client: FlaskClient) -> None:
    style_sheet = str(app.jinja_env.globals["asset"]("console.css"))
    for address in ("/login", style_sheet):
        with closing(client.get(address)) as answer:
            assert policies(app).items() <= dict(answer.headers).items(), address


def test_answer_can_set_its_own_cache_control(make_app: MakeApp) -> None:
    app = make_app()
    cached = {"Cache-Control": "public, max-age=60"}
    app.add_url_rule("/cached", "cached", lambda: ("cached", cached))
    assert app.test_client().get("/cached").headers["Cache-Control"] == cached["Cache-Control"]


@pytest.mark.parametrize("path", ["/profile", "/admin/products/export/csv/", "/admin/users/"])
def test_answers_vary_by_cookie(client_as: ClientAs, path: str) -> None:
    assert "Cookie" in client_as("owner").get(path).headers["Vary"]
