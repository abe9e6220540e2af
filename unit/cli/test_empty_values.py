"""An empty argument, as from an unset variable of a script, is refused where it would change the meaning."""

import socket

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.accounts import PASSWORD
from dashboard.testing.catalogue import a_product
from unit.cli.conftest import Run, the_line

CREATE = ("users", "create", "kim@example.test", "--role")
EMPTY = [
    (("history", "verify", "--head"), "--head"),
    (("sessions", "inspect"), "COOKIE"),
    (("products", "export"), "FILE"),
    (("users", "create", "--role", "viewer", "--password-stdin"), "EMAIL"),
]


def usage_error(run: Run, *arguments: str) -> str:
    """Run a command with invalid arguments and return its error."""
    result = run(*arguments, stdin=PASSWORD)
    assert result.exit_code == 2, result.output
    return " ".join(result.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("value", ["", "  "])
@pytest.mark.parametrize(("arguments", "name"), EMPTY, ids=[name for _, name in EMPTY])
def test_empty_argument_is_refused_by_name(
    run: Run, console: Flask, arguments: tuple[str, ...], name: str, value: str
) -> None:
    assert usage_error(run, *arguments, value) == f"Error: Invalid value for '{name}': It is empty."
    assert db.session.scalars(select(User)).all() == []


@pytest.mark.parametrize("value", ["", "  "])
def test_empty_host_does_not_mean_every_address(run: Run, value: str) -> None:
    with socket.create_server(("", 0)) as taken:  # so that nothing could be served, were it asked to
        port = str(taken.getsockname()[1])
        said = usage_error(run, "serve", "--port", port, "--host", value)
    assert said == "Error: Invalid value for '--host': It is empty."


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("serve", "--port", ""), "--port"),
        (("serve", "--workers", ""), "--workers"),
        (("users", "create", "kim@example.test", "--role", ""), "--role"),
    ],
)
def test_empty_number_or_choice_is_refused_by_name(
    run: Run, console: Flask, arguments: tuple[str, ...], name: str
) -> None:
    assert usage_error(run, *arguments).startswith(f"Error: Invalid value for '{name}':")
    assert db.session.scalars(select(User)).all() == []


def test_name_may_be_empty(run: Run, console: Flask) -> None:
    """As in the form: a name may be left empty, and can be given later."""
    assert run(*CREATE, "viewer", "--password-stdin", "--name", "", stdin=PASSWORD).exit_code == 0
    assert [user.name for user in db.session.scalars(select(User))] == [""]


def test_empty_password_is_refused(run: Run, console: Flask) -> None:
    assert "at least" in the_line(run(*CREATE, "viewer", "--password-stdin", stdin=""))
    assert db.session.scalars(select(User)).all() == []


@pytest.mark.parametrize("head", ["x", "1", "1:", ":", "1:abc", f"0:{'a' * 64}", f"1:{'A' * 64}", "None"])
def test_invalid_head_is_a_usage_error_and_not_tampering(run: Run, console: Flask, head: str) -> None:
    said = usage_error(run, "history", "verify", "--head", head)
    assert f"Invalid value for '--head': {head!r} is not a seal." in said


def test_head_of_an_empty_history_stays_valid(run: Run, console: Flask) -> None:
    noted = run("history", "verify").stdout.split()[-1]
    assert noted == "none"
    a_product()
    db.session.commit()
    assert run("history", "verify", "--head", noted).exit_code == 0
    assert verify(db.session).sets == 1


def test_empty_setting_stops_a_command_in_one_line(run: Run) -> None:
    assert the_line(run("doctor", ENV="")).startswith("Error: DASHBOARD_ENV is empty.")
