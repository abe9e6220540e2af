"""Security line 41 behind proxies: from which origins forms are accepted, for any Host header."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from unit.conftest import MakeApp

Send = Callable[..., int]
HOST = "console.example.org"
CONSOLE = f"https://{HOST}"


@pytest.fixture
def send(make_app: MakeApp) -> Send:
    """`send(origin, base_url=…, host=…)` returns the status of the answer to a form of that origin."""

    def send(origin: str, base_url: str = CONSOLE, host: str = HOST, **changes: object) -> int:
        usual = {"env": "production", "registration": "invite", "password_min_length": 15}
        client = make_app(**{**usual, "base_url": base_url, **changes}).test_client()
        first = client.get("/login", base_url=f"https://{host}", headers={"Host": host})
        token = first.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        headers = {"Origin": origin, "Host": host}
        answer = client.post("/mode", data={"csrf_token": token}, base_url=f"https://{host}", headers=headers)
        return answer.status_code

    return send


@pytest.mark.security(41)
@pytest.mark.parametrize(
    "host", ["console.example.org", "console.example.org:8443", "localhost:8000", "alias.example"]
)
@pytest.mark.parametrize("port", ["", ":8443"])
def test_own_origin_is_accepted_whatever_host_the_proxy_names(send: Send, host: str, port: str) -> None:
    hosts = ("localhost", "alias.example")
    assert send(CONSOLE + port, base_url=CONSOLE + port, host=host, allowed_hosts=hosts) == 303


@pytest.mark.security(41)
@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://alias.example", "console.example.org"),
        ("https://alias.example:8443", "console.example.org"),
        ("https://a.wide.example", "a.wide.example"),
        ("https://alias.example:9443", "alias.example:9443"),
        ("https://[::1]:8443", "console.example.org"),
    ],
)
def test_allowed_host_is_accepted_over_https(send: Send, origin: str, host: str) -> None:
    hosts = ("alias.example", ".wide.example", "[::1]")
    assert send(origin, base_url=f"{CONSOLE}:8443", host=host, allowed_hosts=hosts) == 303


@pytest.mark.security(41)
@pytest.mark.parametrize(
    "origin",
    [
        "http://console.example.org",
        "http://console.example.org:8443",
        "https://console.example.org:9443",
        "https://console.example.org:8443.evil.example",
        "https://console.example.org:8443@evil.example",
        "https://evil@console.example.org:8443",
        "https://console.example.org:8443/",
        "https://evil.example",
        "https://evil.example:8443",
        "https://localhost:8443",
        "HTTPS://console.example.org:8443",
        "https://",
        "https://[",
        "https://console.example.org:x",
        "https://console.example.org:99999",
        "//console.example.org:8443",
        "console.example.org:8443",
        "null",
        "é",
    ],
)
def test_production_refuses_any_other_origin(send: Send, origin: str) -> None:
    assert send(origin, base_url=f"{CONSOLE}:8443") == 403


def test_redirect_behind_tls_on_another_port_is_relative(make_app: MakeApp) -> None:
    app = make_app(env="production", base_url=f"{CONSOLE}:8443", registration="invite", trusted_proxies=1)
    forwarded = {"Host": "console.example.org", "X-Forwarded-Proto": "https"}
    for headers in (
        {"Host": "console.example.org"},
        forwarded,
        {**forwarded, "Host": "console.example.org:8443"},
    ):
        answer = app.test_client().get("/admin/products", headers=headers)
        assert (answer.status_code, answer.headers["Location"]) == (308, "/admin/products/")


def mounted(app: Flask, path: str) -> TestResponse:
    return app.test_client().get(path, environ_overrides={"SCRIPT_NAME": "/console"})


@pytest.mark.parametrize("path", ["/", "/login", "/admin/products/", "/nowhere", "/healthz"])
def test_console_below_a_path_says_it_does_not_work(app: Flask, path: str) -> None:
    answer = mounted(app, path)
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert "does not work below a path" in answer.text
    assert "/console" in answer.text
    assert app.test_client().get("/login").status_code == 200
