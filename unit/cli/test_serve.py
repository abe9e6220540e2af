"""`dashboard serve`, up to the moment when the workers start."""

import re
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import Result
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import func, select

from dashboard.catalogue.models import Product
from dashboard.cli.serve import Workers, listening
from dashboard.extensions import db
from dashboard.hosts import is_loopback
from dashboard.serving.worker import ConsoleWorker
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product
from dashboard.testing.ports import free_port
from unit.cli.conftest import PRODUCTION, Run, the_line
from unit.environment import read

Serve = Callable[..., tuple[Result, BaseApplication]]


@pytest.fixture
def serve(run: Run, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """`serve("--sample", …)` is the command's result and the server that it would have run."""
    ran: list[BaseApplication] = []
    monkeypatch.setattr(Workers, "run", lambda server: ran.append(server))

    def serve(*arguments: str, **settings: str) -> tuple[Result, BaseApplication]:
        port = () if "--port" in arguments else ("--port", str(free_port()))
        result = run("serve", *port, *arguments, **settings)
        assert result.exit_code == 0, result.output
        return result, ran[-1]

    return serve


def products() -> int:
    """How many products there are."""
    return int(db.session.scalar(select(func.count(Product.id))) or 0)


def test_start_prints_the_address_and_how_to_register(serve: Serve) -> None:
    port = str(free_port())
    result, _ = serve("--port", port)
    assert result.stdout.splitlines() == [
        f"The console is at http://127.0.0.1:{port}",
        f"Passkeys work at http://localhost:{port} only: open the console there to use them",
        f"Make the first account, the owner's, at http://127.0.0.1:{port}/register",
    ]


def test_start_with_an_account_prints_only_the_address(serve: Serve, console: Flask) -> None:
    an_account()
    db.session.commit()
    port = str(free_port())
    result, _ = serve("--port", port)
    assert result.stdout.splitlines() == [
        f"The console is at http://127.0.0.1:{port}",
        f"Passkeys work at http://localhost:{port} only: open the console there to use them",
    ]


def test_start_says_where_passkeys_and_single_sign_on_work(serve: Serve) -> None:
    provider = {"OIDC_ISSUER": "https://login.example.org", "OIDC_CLIENT_ID": "console"}
    port = str(free_port())
    result, _ = serve("--port", port, **provider)
    assert result.stdout.splitlines()[1:3] == [
        f"Passkeys work at http://localhost:{port} only: open the console there to use them",
        f"Single sign-on works at http://127.0.0.1:{port} only; DASHBOARD_BASE_URL sets one host for both",
    ]
    result, _ = serve("--port", port, BASE_URL=f"http://localhost:{port}", **provider)
    assert "work" not in result.stdout


def test_sample_is_loaded_into_an_empty_catalogue(serve: Serve, console: Flask) -> None:
    result, _ = serve("--sample")
    assert result.stdout.startswith("Loaded a sample catalogue of 200 products.\n")
    assert products() == 200


def test_sample_is_not_loaded_into_a_used_catalogue(serve: Serve, console: Flask) -> None:
    a_product()
    db.session.commit()
    result, _ = serve("--sample")
    assert "sample" not in result.stdout
    assert products() == 1


def test_sample_is_not_loaded_without_the_option(serve: Serve, console: Flask) -> None:
    serve()
    assert products() == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "0.0.0.0", "::1", "::"])
def test_printed_address_is_answered(serve: Serve, host: str) -> None:
    if ":" in host and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    result, server = serve("--host", host)
    link = re.findall(r"http://\S+", result.stdout)[-1]
    parts = urlsplit(link)
    answer = server.load().test_client().get(f"{parts.path}?{parts.query}", base_url=f"http://{parts.netloc}")
    assert answer.status_code == 200
    assert 'name="confirm"' in answer.text


def has_ipv6() -> bool:
    """Whether IPv6's loopback can be listened on."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_exposed_server_needs_the_setup_link(serve: Serve, host: str) -> None:
    if host == "::" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    result, server = serve("--host", host)
    assert "/register?setup=" in result.stdout
    browser = server.load().test_client()
    assert browser.get("/register").status_code == 403
    assert browser.get("/register?setup=guessed").status_code == 403


def test_every_address_without_a_host_name_warns(serve: Serve) -> None:
    result, _ = serve("--host", "0.0.0.0")
    assert "DASHBOARD_ALLOWED_HOSTS" in result.stderr
    result, _ = serve("--host", "0.0.0.0", ALLOWED_HOSTS="console.example.org")
    assert result.stderr == ""


def test_production_prints_the_setup_link_with_the_base_url(serve: Serve) -> None:
    result, _ = serve(**PRODUCTION)
    first, second = result.stdout.splitlines()
    assert first == "The console is at https://console.example.org"
    assert "https://console.example.org/register?setup=" in second


def test_requested_number_of_console_workers_run(serve: Serve) -> None:
    port = str(free_port())
    _, server = serve("--port", port, "--workers", "3")
    assert server.cfg.bind == [f"127.0.0.1:{port}"] or server.cfg.bind == f"127.0.0.1:{port}"
    assert (server.cfg.workers, server.cfg.worker_class) == (3, ConsoleWorker)


def test_gunicorn_ignores_the_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--bind 0.0.0.0:1 --workers 9")
    monkeypatch.setenv("WEB_CONCURRENCY", "9")
    _, server = serve()
    assert server.cfg.workers == 1
    assert "0.0.0.0" not in str(server.cfg.bind)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_busy_port_is_reported_in_one_line(run: Run, host: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        line = the_line(run("serve", "--host", host, "--port", str(port)))
    assert line.startswith(f"Error: Cannot listen on {host}:{port}: Address already in use.")
    assert "--port" in line


@pytest.mark.parametrize("host", ["203.0.113.99", "no-such-host.invalid", "256.1.1.1", "fe80::1"])
def test_foreign_host_is_reported_in_one_line(run: Run, host: str) -> None:
    assert the_line(run("serve", "--host", host, "--port", "8123")).startswith(
        f"Error: Cannot listen on {host}"
    )


@pytest.mark.parametrize(
    "arguments", [("--port", "0"), ("--port", "65536"), ("--port", "x"), ("--workers", "0"), ("--colour",)]
)
def test_invalid_option_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("serve", *arguments)
    assert result.exit_code == 2
    assert arguments[0] in result.stderr


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("console.example.org", False),
        ("", False),
    ],
)
def test_loopback_hosts_are_recognised(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_too_few_open_files_are_reported_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _which: (64, 100))
    line = the_line(run("serve", "--port", str(free_port())))
    assert line.startswith("Error: Cannot serve: 100 files may be open, and at least 128 are needed.")


@pytest.mark.parametrize(
    ("host", "exposed"),
    [
        ("0.0.0.0", True),
        ("::", True),
        ("192.0.2.1", True),
        ("2001:db8::1", True),
        ("console.example.org", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("localhost", False),
    ],
)
def test_every_host_but_loopback_is_exposed(tmp_path: Path, host: str, exposed: bool) -> None:
    settings = listening(read(tmp_path), host)
    assert (settings.exposed, settings.needs_setup_link) == (exposed, exposed)
