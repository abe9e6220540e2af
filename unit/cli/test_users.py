"""`dashboard users`: accounts from the shell."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from dashboard.accounts.models import State, User
from dashboard.accounts.passwords import verify_password
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_session, an_account, an_invitation
from dashboard.testing.second_factors import an_authenticator
from unit.cli.conftest import Run, the_line
from unit.environment import GOOD_KEY

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


def test_invited_user_gets_a_link_on_standard_output(run: Run, console: Flask) -> None:
    result = run("users", "invite", "Kim@example.test", "--role", "editor", "--name", "Kim")
    assert result.exit_code == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/invitation\?token=[\w-]{43}\n", result.stdout)
    assert "For kim@example.test. The link works once" in result.stderr
    (account,) = accounts()
    assert (account.state, account.role, account.name) == (State.INVITED, Role.EDITOR, "Kim")
    link = result.stdout.strip().removeprefix("http://127.0.0.1:8000")
    assert console.test_client().get(link).status_code == 200


def test_link_has_the_address_of_the_settings_or_of_the_option(run: Run, console: Flask) -> None:
    given = ("--address", "http://console.internal:8123/")
    result = run("users", "invite", "kim@example.test", "--role", "viewer", *given)
    assert result.stdout.startswith("http://console.internal:8123/invitation?")
    result = run("users", "reset", "kim@example.test", *given, BASE_URL="https://console.example.org")
    assert result.stdout.startswith("https://console.example.org/invitation?")


def test_reset_prints_a_link_that_replaces_the_one_before(run: Run, console: Flask) -> None:
    an_account(email="kim@example.test")
    db.session.commit()
    links = [run("users", "reset", "KIM@example.test").stdout.strip() for _ in range(2)]
    client = console.test_client()
    answers = [client.get(link.removeprefix("http://127.0.0.1:8000")).status_code for link in links]
    assert answers == [404, 200]


def test_list_has_a_line_for_each_account(run: Run, console: Flask) -> None:
    an_account("owner", email="boss@example.test", name="Zora")
    an_account(email="away@example.test", active=False)
    an_invitation("kim@example.test")
    db.session.commit()
    assert run("users", "list").stdout.splitlines() == [
        "away@example.test\tviewer\tdeactivated\tnever",
        "boss@example.test\towner\tactive\tnever\tZora",
        "kim@example.test\tviewer\tinvited\tnever",
    ]


def test_role_is_changed(run: Run, console: Flask) -> None:
    an_account(email="kim@example.test")
    db.session.commit()
    assert run("users", "set-role", "kim@example.test", "owner").exit_code == 0
    assert accounts()[0].role == Role.OWNER


@pytest.mark.parametrize(
    "command", [("set-role", "boss@example.test", "admin"), ("deactivate", "boss@example.test")]
)
def test_last_owner_stays(run: Run, console: Flask, command: tuple[str, ...]) -> None:
    an_account("owner", email="boss@example.test")
    db.session.commit()
    assert "There must be at least one active owner." in the_line(run("users", *command))
    assert (accounts()[0].role, accounts()[0].active) == (Role.OWNER, True)


def test_deactivated_user_has_no_session(run: Run, console: Flask) -> None:
    a_session(an_account(email="kim@example.test"))
    db.session.commit()
    assert run("users", "deactivate", "kim@example.test").stdout == "Account kim@example.test deactivated.\n"
    assert (accounts()[0].active, accounts()[0].sessions) == (False, [])


def test_user_is_logged_out_everywhere(run: Run, console: Flask) -> None:
    user = an_account(email="kim@example.test")
    a_session(user)
    a_session(user)
    db.session.commit()
    said = run("users", "sign-out", "kim@example.test").stdout
    assert said == "Account kim@example.test logged out: 2 sessions ended.\n"
    assert accounts()[0].sessions == []


@pytest.mark.parametrize(
    "command", [("reset",), ("set-role", "viewer"), ("deactivate",), ("sign-out",)], ids=lambda c: c[0]
)
def test_unknown_account_is_named_in_one_line(run: Run, console: Flask, command: tuple[str, ...]) -> None:
    name, *rest = command
    line = the_line(run("users", name, "no\x1b[31m@example.test", *rest))
    assert line == "Error: There is no account no\\x1b[31m@example.test."


def with_factor(email: str) -> User:
    """A new account with an authenticator app and a session."""
    user = an_account(email=email)
    an_authenticator(user)
    a_session(user)
    db.session.commit()
    return user


def test_second_factor_is_reset_and_sessions_end(run: Run, console: Flask) -> None:
    with_factor("kim@example.test")
    result = run("users", "reset-factors", "KIM@example.test")
    assert (result.exit_code, result.stdout) == (0, "Second factor of kim@example.test reset.\n")
    (account,) = accounts()
    assert not has_second_factor(account)
    assert account.sessions == []
    assert the_line(run("users", "reset-factors", "kim@example.test")).endswith("has no second factor.")


def test_seeds_are_encrypted_under_the_newest_key(run: Run, console: Flask) -> None:
    with_factor("kim@example.test")
    key = {"ENCRYPTION_KEY": GOOD_KEY}
    assert "warn  second factors: 1 seed under an older key" in run("doctor", **key).stdout
    result = run("users", "encrypt-factors", **key)
    assert (result.exit_code, result.stdout) == (0, "All seeds are encrypted under the newest key.\n")
    assert "second factors" not in run("doctor", **key).stdout
    gone = run("doctor")
    assert gone.exit_code == 1
    assert "FAIL  second factors: 1 seed under a key that is gone" in gone.stdout
    assert the_line(run("users", "encrypt-factors")) == "Error: 1 seed could not be encrypted again."
