"""Security lines 78, 85 and 87: error pages, limits, and paths that are not public."""

import re
from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from dashboard.bounds import BODY_BYTES, PARTS
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.web.assets import STATIC
from unit.conftest import ClientAs, Csrf, MakeApp, Submit
from unit.digest import database_digest

# A random token may contain ".py" too, but not at its end.
GIVEAWAYS = re.compile(r"Traceback|sqlalchemy|sqlite3|SELECT|INSERT|no such|hunter2|Error:|\.py(?![\w-])")


def broken(statement: str, **parameters: str) -> object:
    """Return a view whose statement fails in the database."""
    return lambda: str(db.session.execute(text(statement), parameters))


def raising(error: Exception) -> object:
    """Return a view that raises `error`."""

    def view() -> str:
        raise error

    return view


FAULTS = {
    "a fault": raising(ZeroDivisionError("hunter2")),
    "a type error": raising(TypeError("hunter2")),
    "a missing key": raising(KeyError("hunter2")),
    "a refused statement": broken("SELECT hunter2 FROM users WHERE password_hash = :p", p="hunter2"),
    "a broken constraint": broken("INSERT INTO categories (id, name) VALUES (1, :p)", p="hunter2"),
    "a syntax error": broken("SELEC hunter2"),
}


@pytest.mark.security(78)
class TestNoExceptionText:
    @pytest.mark.parametrize("case", FAULTS)
    def test_error_page_shows_no_exception_text(
        self, make_app: MakeApp, case: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        app = make_app()
        app.add_url_rule("/broken", "broken", FAULTS[case])
        answer = app.test_client().get("/broken")
        assert answer.status_code in (409, 500, 503)
        assert not GIVEAWAYS.findall(answer.text)
        assert answer.headers["X-Request-ID"] in answer.text
        assert answer.headers["X-Request-ID"] in caplog.text

    @pytest.mark.parametrize("case", FAULTS)
    def test_error_page_in_production_shows_no_exception_text(self, make_app: MakeApp, case: str) -> None:
        app = make_app(env="production", allowed_hosts=("localhost",))
        app.testing = False
        app.add_url_rule("/broken", "broken", FAULTS[case])
        assert not GIVEAWAYS.findall(app.test_client().get("/broken").text)

    @pytest.mark.parametrize(
        "query", ["id=", "id=x", "id=0", "id=-1", "id=1,2", "id=99999999999", "id=1%00", "id='", "id=²"]
    )
    @pytest.mark.parametrize(
        "path", ["products/details", "products/edit", "users/details", "categories/delete"]
    )
    def test_malformed_id_is_a_plain_404(self, client_as: ClientAs, path: str, query: str) -> None:
        answer = client_as("owner").get(f"/admin/{path}/?{query}")
        assert answer.status_code == 404
        assert not GIVEAWAYS.findall(answer.text)


FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=xyz"


def multipart(parts: dict[str, str]) -> bytes:
    """Return a form as browsers send it with files, with the boundary of `MULTIPART`."""
    field = '--xyz\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return ("".join(field.format(*part) for part in parts.items()) + "--xyz--\r\n").encode()


@pytest.mark.security(85)
class TestLimits:
    def test_body_over_the_limit_is_413(self, client: FlaskClient, csrf: Csrf) -> None:
        data = {"csrf_token": csrf(client), "email": "x" * BODY_BYTES, "password": "x"}
        answer = client.post("/login", data=data)
        assert answer.status_code == 413
        assert "Too large" in answer.text

    def test_declared_length_over_the_limit_is_413(self, client: FlaskClient) -> None:
        said = {"CONTENT_LENGTH": str(BODY_BYTES + 1), "CONTENT_TYPE": FORM}
        assert client.post("/login", environ_overrides=said).status_code == 413

    @pytest.mark.parametrize("path", ["/register", "/mode", "/logout", "/admin/products/new/", "/profile"])
    def test_every_form_refuses_a_body_over_the_limit(self, client_as: ClientAs, path: str) -> None:
        answer = client_as("owner").post(path, data={"name": "x" * BODY_BYTES})
        assert answer.status_code == 413

    def test_form_with_too_many_parts_is_413(self, client: FlaskClient) -> None:
        parts = dict.fromkeys(map(str, range(PARTS + 1)), "x")
        assert client.post("/login", data=multipart(parts), content_type=MULTIPART).status_code == 413

    def test_form_part_over_the_limit_is_413(self, client: FlaskClient) -> None:
        data = multipart({"email": "x" * BODY_BYTES})
        assert client.post("/login", data=data, content_type=MULTIPART).status_code == 413

    def test_longest_valid_form_is_accepted(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        fields = {"name": "é" * 200, "sku": "K-1", "price": "1", "currency": "EUR", "stock": "0"}
        answer = submit(
            client_as("editor"), "/admin/products/new/", description="é" * 5000, status="draft", category="",
            **fields,
        )  # fmt: skip
        assert is_redirect(answer)

    def test_selection_of_a_thousand_rows_is_accepted(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        rows = [str(number) for number in range(1, 1001)]
        answer = submit(client_as("editor"), "/admin/products/action/", action="draft", rowid=rows)
        assert answer.status_code == 200


@pytest.mark.security(87)
class TestNotPublic:
    def test_debug_mode_is_off(self, app: Flask) -> None:
        assert not app.debug
        assert not app.testing

    def test_no_variable_of_flask_turns_debug_mode_on(
        self, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FLASK_DEBUG", "1")
        monkeypatch.setenv("FLASK_ENV", "development")
        assert not make_app().debug

    @pytest.mark.parametrize("path", ["/", "/login", "/admin/", "/healthz", "/nowhere"])
    @pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
    def test_methods_that_echo_or_tunnel_are_refused(
        self, client: FlaskClient, path: str, method: str
    ) -> None:
        answer = client.open(path, method=method, headers={"X-Echo": "hunter2"})
        assert answer.status_code in (400, 404, 405)
        assert "hunter2" not in answer.text

    def test_trace_is_refused(self, client: FlaskClient) -> None:
        assert client.open("/login", method="TRACE").status_code in (400, 405)

    @pytest.mark.parametrize(
        "path",
        [
            "/.env",
            "/.git/config",
            "/.htaccess",
            "/static/.env",
            "/static/../config.py",
            "/static/%2e%2e/config.py",
            "/static/..%2fconfig.py",
            "/static//etc/passwd",
            "/static/",
            "/static",
            "/secret_key",
            "/instance/secret_key",
            "/dashboard.sqlite3",
            "/metrics",
            "/debug",
            "/console",
            "/admin/static/",
            "/admin/static/admin/css/bootstrap3/admin.css",
            "/admin/static/vendor/jquery.min.js",
            "/admin/products/ajax/lookup/",
            "/admin/products/ajax/update/",
            "/robots.txt",
            "/server-status",
        ],
    )
    def test_hidden_and_internal_paths_are_404(self, client_as: ClientAs, path: str) -> None:
        assert client_as("owner").get(path).status_code == 404

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_static_files_cannot_be_written(self, app: Flask, client: FlaskClient, method: str) -> None:
        address = app.jinja_env.globals["asset"]("console.css")
        with closing(client.open(address, method=method, data="x")) as answer:
            assert answer.status_code in (400, 404, 405)
        assert (STATIC / "console.css").is_file()

    def test_health_checks_contain_no_secret(self, peopled: Flask, client: FlaskClient) -> None:
        before = database_digest(peopled)
        assert client.get("/healthz").json == {"status": "ok"}
        assert client.get("/readyz").json == {"status": "ok", "assets": "ok", "database": "ok"}
        assert database_digest(peopled) == before
