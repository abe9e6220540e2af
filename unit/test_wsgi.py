"""The layers around Flask: compression, proxies, templates."""

import gzip
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import UserSession
from dashboard.extensions import db
from dashboard.serving.threads import THREADS
from dashboard.testing.accounts import PASSWORD
from dashboard.testing.answers import is_redirect
from dashboard.web import wsgi
from unit.admin.reading import read
from unit.conftest import ClientAs, Csrf, MakeApp
from unit.digest import database_digest

FORWARDED = {
    "X-Forwarded-For": "198.51.100.9, 192.0.2.4",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
}
FIELDS = {"email": "kim@example.test", "password": PASSWORD, "confirm": PASSWORD}


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_page_is_compressed_as_the_browser_accepts(client: FlaskClient, encoding: str) -> None:
    answer = client.get("/login", headers={"Accept-Encoding": encoding})
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_decompressed_answer_is_the_page(client: FlaskClient) -> None:
    answer = client.get("/login", headers={"Accept-Encoding": "gzip"})
    assert "<h1>Log in</h1>" in gzip.decompress(answer.data).decode()


def test_short_answer_is_not_compressed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "192.0.2.4"), (2, "198.51.100.9")])
def test_configured_number_of_proxies_is_trusted(
    make_app: MakeApp, csrf: Csrf, proxies: int, address: str
) -> None:
    app = make_app(trusted_proxies=proxies, allowed_hosts=("evil.example",))
    client = app.test_client()
    headers = {**FORWARDED, "X-Forwarded-Host": "localhost"}
    answer = client.post("/register", data={"csrf_token": csrf(client), **FIELDS}, headers=headers)
    assert is_redirect(answer)
    with app.app_context():
        assert db.session.scalar(select(UserSession.address)) == address


def test_forwarded_headers_are_ignored_without_a_proxy(client: FlaskClient) -> None:
    answer = client.get("/admin/", headers=FORWARDED)
    assert is_redirect(answer)
    assert answer.headers["Location"] == "/login?next=%2Fadmin%2F"


def test_raw_bytes_in_a_query_are_accepted(client: FlaskClient) -> None:
    answer = client.get("/login", environ_overrides={"QUERY_STRING": "q=\xff\xe9&x=1"})
    assert answer.status_code == 200


def test_a_file_sent_to_a_form_needs_no_temporary_folder(
    client: FlaskClient, csrf: Csrf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    part = '--xyz\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    fields = [("csrf_token", "", csrf(client)), ("file", '; filename="x.png"', "x" * 900_000)]
    body = "".join(part.format(*each) for each in fields) + "--xyz--\r\n"
    answer = client.post("/mode", data=body, content_type="multipart/form-data; boundary=xyz")
    assert is_redirect(answer)


def test_every_thread_can_take_two_connections(app: Flask) -> None:
    with app.app_context(), ExitStack() as held:
        for _ in range(4 * THREADS):
            held.enter_context(db.engine.connect())
        assert db.engine.pool.checkedout() == 4 * THREADS


def test_templates_are_beside_the_package_or_inside_it_when_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(wsgi.template_folder()) == Path(wsgi.__file__).parents[2] / "templates"
    monkeypatch.setattr(wsgi, "PACKAGE", tmp_path)
    (tmp_path / "templates").mkdir()
    assert wsgi.template_folder() == str(tmp_path / "templates")


VALUES = ['{"email": 5, "password": 7}', '{"email": {"a": 1}}', "[1, 2]", '"a"', "5", "true", '"\\ud800"']
OF_FORMS = '{"email": "of@json.test", "name": "Of JSON", "sku": "OF-JSON", "mode": "dark"}'
JSON = ["[" * 50_000, *VALUES, OF_FORMS]


@pytest.mark.parametrize("body", JSON, ids=range(len(JSON)))
@pytest.mark.parametrize("path", ["/login", "/profile", "/admin/products/new/"])
def test_no_form_is_filled_from_json(
    client_as: ClientAs, csrf: Csrf, app: Flask, body: str, path: str
) -> None:
    client = app.test_client() if path == "/login" else client_as("editor")
    headers = {"X-CSRFToken": csrf(client)}
    fresh, before = filled(client.get(path).text), database_digest(app)
    answer = client.post(path, data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 200  # the form again, with nothing filled in
    assert filled(answer.text) <= {"", *fresh}
    assert database_digest(app) == before


def filled(page: str) -> set[str]:
    """Return the values in the fields of the forms on a page, except for CSRF tokens."""
    forms = read(page).all("main")[0].all("form", method="post")
    return {value for form in forms for name, value in form.fields.items(multi=True) if name != "csrf_token"}


@pytest.mark.parametrize("path", ["/login", "/profile", "/admin/products/new/", "/logout"])
def test_form_part_without_a_name_is_refused(client_as: ClientAs, path: str) -> None:
    part = "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"
    answer = client_as("editor").post(path, data=part, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "A part of the form has no name." in answer.text
