"""`dashboard users create`: an account from the shell."""

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select

from dashboard.accounts.models import User
from dashboard.accounts.passwords import verify_password
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import PASSWORD, an_account
from unit.cli.conftest import Run, the_line

CREATE = ("users", "create", "Kim@Example.test", "--role")
BY_STDIN = "--password-stdin"


def accounts() -> list[User]:
    """Every account."""
    return list(db.session.scalars(select(User).order_by(User.id)))


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_it_makes_an_account_of_any_role(run: Run, console: Flask, role: str) -> None:
    result = run(*CREATE, role, BY_STDIN, stdin=PASSWORD + "\n")
    assert result.exit_code == 0
    assert result.stdout == f"Account kim@example.test created with the role {role}.\n"
    (account,) = accounts()
    assert (account.email, account.role, account.active) == ("kim@example.test", role, True)
    assert verify_password(account.password_hash, PASSWORD)


def test_it_asks_for_the_password_twice(run: Run, console: Flask) -> None:
    result = run(*CREATE, "admin", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert result.stdout.count("assword") == 2
    assert PASSWORD not in result.output
    assert len(accounts()) == 1


def test_it_asks_again_where_the_two_differ(run: Run, console: Flask) -> None:
    result = run(*CREATE, "admin", stdin=f"{PASSWORD}\nother\n{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert "do not match" in result.output


def test_it_stops_where_nobody_types_one(run: Run, console: Flask) -> None:
    assert run(*CREATE, "admin", stdin="").exit_code == 1
    assert accounts() == []


def test_the_account_may_have_a_name(run: Run, console: Flask) -> None:
    run(*CREATE, "viewer", BY_STDIN, "--name", "Kim Quill", stdin=PASSWORD)
    assert accounts()[0].name == "Kim Quill"


@pytest.mark.parametrize(
    ("name", "words"),
    [("\u3164", "Enter a name that can be seen."), ("boss@example.test", "other than the account's own")],
)
def test_a_name_that_the_forms_refuse_is_refused_here_too(
    run: Run, console: Flask, name: str, words: str
) -> None:
    assert words in the_line(run(*CREATE, "viewer", "--name", name, BY_STDIN, stdin=PASSWORD))
    assert accounts() == []


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nsecond line\n"])
def test_the_password_is_the_first_line_untrimmed(run: Run, console: Flask, ending: str) -> None:
    run(*CREATE, "viewer", BY_STDIN, stdin=f"  {PASSWORD}  {ending}")
    assert verify_password(accounts()[0].password_hash, f"  {PASSWORD}  ")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "at least 8 characters"),
        ("q7#Lv!2", "at least 8 characters"),
        ("password1", "too common"),
        ("kim@example.test", "Don't base the password on"),
        ("x" * 1025, "at most 1,024 characters"),
    ],
)
def test_a_password_that_the_forms_refuse_is_refused_here_too(
    run: Run, console: Flask, password: str, words: str
) -> None:
    assert words in the_line(run(*CREATE, "viewer", BY_STDIN, stdin=password + "\n"))
    assert accounts() == []


def test_the_minimum_length_of_the_settings_holds(run: Run) -> None:
    result = run(*CREATE, "viewer", BY_STDIN, stdin="q7#Lv!2wX9", PASSWORD_MIN_LENGTH="12")
    assert "at least 12 characters" in the_line(result)


def test_a_password_that_is_no_text_is_refused_in_one_line(run: Run, console: Flask) -> None:
    the_line(run(*CREATE, "viewer", BY_STDIN, stdin=b"\xff\xfe plum orbit lantern\n"))
    assert accounts() == []


@pytest.mark.parametrize("email", ["kim", "kim@", "@example.test", "kim example.test", "k" * 250 + "@a.test"])
def test_an_address_that_is_none_is_refused_in_one_line(run: Run, console: Flask, email: str) -> None:
    the_line(run("users", "create", email, "--role", "viewer", BY_STDIN, stdin=PASSWORD))
    assert accounts() == []


@pytest.mark.parametrize("name", ["x" * 101, "Kim\x00", "Kim\nQuill", "Kim\x1b[31m"])
def test_a_name_that_no_name_is_is_refused_in_one_line(run: Run, console: Flask, name: str) -> None:
    the_line(run(*CREATE, "viewer", BY_STDIN, "--name", name, stdin=PASSWORD))
    assert accounts() == []


def test_an_address_that_is_taken_is_refused_in_one_line(run: Run, console: Flask) -> None:
    an_account(email="kim@example.test")
    db.session.commit()
    result = run(*CREATE, "viewer", BY_STDIN, stdin=PASSWORD)
    assert the_line(result) == "Error: An account with this email already exists."
    assert db.session.scalar(select(func.count(User.id))) == 1


@pytest.mark.parametrize("arguments", [(), ("--role", "root"), ("--role",)])
def test_a_role_has_to_be_named(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("users", "create", "kim@example.test", *arguments, stdin=PASSWORD)
    assert result.exit_code == 2
    assert "--role" in result.stderr


def test_it_queues_for_the_database_before_it_looks(run: Run, console: Flask) -> None:
    statements: list[str] = []
    event.listen(Engine, "before_cursor_execute", note := lambda *a: statements.append(a[2]))
    run(*CREATE, "viewer", BY_STDIN, stdin=PASSWORD)
    event.remove(Engine, "before_cursor_execute", note)
    asked = next(i for i, statement in enumerate(statements) if "FROM users" in statement)
    begun = [statement for statement in statements[:asked] if statement.startswith("BEGIN")]
    assert begun[-1] == "BEGIN IMMEDIATE"
