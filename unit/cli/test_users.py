"""`dashboard users create`: an account from the shell."""

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from dashboard.accounts.models import User
from dashboard.accounts.passwords import verify_password
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, an_account
from unit.cli.conftest import Run, the_line

CREATE = ("users", "create", "Kim@Example.test", "--role")
BY_STDIN = "--password-stdin"


def accounts() -> list[User]:
    """Every account."""
    db.session.rollback()  # a transaction that has read does not see what a command commits
    return list(db.session.scalars(select(User).order_by(User.id)))


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_account_of_any_role_is_created(run: Run, console: Flask, role: str) -> None:
    result = run(*CREATE, role, BY_STDIN, stdin=PASSWORD + "\n")
    assert result.exit_code == 0
    assert result.stdout == f"Account kim@example.test created with the role {role}.\n"
    (account,) = accounts()
    assert (account.email, account.role, account.active) == ("kim@example.test", role, True)
    assert verify_password(account.password_hash, PASSWORD)


def test_password_is_asked_for_twice(run: Run, console: Flask) -> None:
    result = run(*CREATE, "admin", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert result.stdout.count("assword") == 2
    assert PASSWORD not in result.output
    (account,) = accounts()
    assert verify_password(account.password_hash, PASSWORD)


def test_different_passwords_are_asked_for_again(run: Run, console: Flask) -> None:
    result = run(*CREATE, "admin", stdin=f"{PASSWORD}\nother\n{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert "do not match" in result.output
    assert verify_password(accounts()[0].password_hash, PASSWORD)


def test_missing_password_creates_no_account(run: Run, console: Flask) -> None:
    assert run(*CREATE, "admin", stdin="").exit_code == 1
    assert accounts() == []


def test_account_gets_the_given_name(run: Run, console: Flask) -> None:
    run(*CREATE, "viewer", BY_STDIN, "--name", "Kim Quill", stdin=PASSWORD)
    assert accounts()[0].name == "Kim Quill"


@pytest.mark.parametrize(
    ("name", "words"),
    [("\u3164", "Enter a name that can be seen."), ("boss@example.test", "other than the account's own")],
)
def test_name_that_forms_refuse_is_refused(run: Run, console: Flask, name: str, words: str) -> None:
    assert words in the_line(run(*CREATE, "viewer", "--name", name, BY_STDIN, stdin=PASSWORD))
    assert accounts() == []


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nsecond line\n"])
def test_password_is_the_first_line_untrimmed(run: Run, console: Flask, ending: str) -> None:
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
        pytest.param("x" * 1_000_000, "at most 1,024 characters", id="longer than is read"),
    ],
)
def test_password_that_forms_refuse_is_refused(run: Run, console: Flask, password: str, words: str) -> None:
    assert words in the_line(run(*CREATE, "viewer", BY_STDIN, stdin=password + "\n"))
    assert accounts() == []


def test_minimum_password_length_follows_the_setting(run: Run, console: Flask) -> None:
    result = run(*CREATE, "viewer", BY_STDIN, stdin="q7#Lv!2wX9z", PASSWORD_MIN_LENGTH="12")
    assert "at least 12 characters" in the_line(result)
    assert accounts() == []
    assert run(*CREATE, "viewer", BY_STDIN, stdin="q7#Lv!2wX9zK", PASSWORD_MIN_LENGTH="12").exit_code == 0
    assert len(accounts()) == 1


def test_binary_password_is_refused_in_one_line(run: Run, console: Flask) -> None:
    line = the_line(run(*CREATE, "viewer", BY_STDIN, stdin=b"\xff\xfe plum orbit lantern\n"))
    assert line == "Error: The password is not text in UTF-8."
    assert accounts() == []


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("kim", "must have an @-sign"),
        ("kim@", "something after the @-sign"),
        ("@example.test", "something before the @-sign"),
        ("kim example.test", "must have an @-sign"),
        ("k" * 250 + "@a.test", "EMAIL: Use at most 254 characters"),
    ],
)
def test_invalid_email_is_refused_in_one_line(run: Run, console: Flask, email: str, words: str) -> None:
    assert words in the_line(run("users", "create", email, "--role", "viewer", BY_STDIN, stdin=PASSWORD))
    assert accounts() == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 101, "name: Use at most 100 characters"),
        ("Kim\x00", "Remove the control characters"),
        ("Kim\nQuill", "Remove the control characters or line breaks"),
        ("Kim\x1b[31m", "Remove the control characters"),
    ],
)
def test_invalid_name_is_refused_in_one_line(run: Run, console: Flask, name: str, words: str) -> None:
    assert words in the_line(run(*CREATE, "viewer", BY_STDIN, "--name", name, stdin=PASSWORD))
    assert accounts() == []


def test_email_in_use_is_refused_in_one_line(run: Run, console: Flask) -> None:
    an_account(email="kim@example.test")
    db.session.commit()
    result = run(*CREATE, "owner", BY_STDIN, "--name", "Kim Quill", stdin=NEW_PASSWORD)
    assert the_line(result) == "Error: An account with this email already exists."
    (account,) = accounts()
    assert (account.role, account.name) == (Role.VIEWER, "")
    assert verify_password(account.password_hash, PASSWORD)


@pytest.mark.parametrize("arguments", [(), ("--role", "root"), ("--role",)])
def test_role_is_required(run: Run, console: Flask, arguments: tuple[str, ...]) -> None:
    result = run("users", "create", "kim@example.test", *arguments, stdin=PASSWORD)
    assert result.exit_code == 2
    assert "--role" in result.stderr
    assert accounts() == []


def test_write_lock_is_taken_before_accounts_are_read(run: Run, console: Flask) -> None:
    statements: list[str] = []
    event.listen(Engine, "before_cursor_execute", note := lambda *a: statements.append(a[2]))
    run(*CREATE, "viewer", BY_STDIN, stdin=PASSWORD)
    event.remove(Engine, "before_cursor_execute", note)
    asked = next(i for i, statement in enumerate(statements) if "FROM users" in statement)
    begun = [statement for statement in statements[:asked] if statement.startswith("BEGIN")]
    assert begun[-1] == "BEGIN IMMEDIATE"
