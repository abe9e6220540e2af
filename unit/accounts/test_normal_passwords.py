"""A password matches in every Unicode form in which a keyboard writes its letters."""

import unicodedata

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts import passwords
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, an_account, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Submit
from unit.security.conftest import CountingHasher
from unit.security.conftest import hasher as hasher

TYPED = "crème brûlée à Zürich, ﬁve"
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
WRITTEN = {form: unicodedata.normalize(form, TYPED) for form in FORMS}
EMAIL = "kim@example.test"
each_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def old_hash(app: Flask, hasher: CountingHasher) -> CountingHasher:
    """Add an account whose hash was made from the password as typed, in NFD; return the hasher."""
    with app.app_context():
        an_account(email=EMAIL).password_hash = passwords.hasher.hash(WRITTEN["NFD"])
        an_account(email="ended@example.test", active=False)
        db.session.commit()
    return hasher


def logs_in(app: Flask, submit: Submit, password: str, email: str = EMAIL) -> bool:
    return is_redirect(submit(app.test_client(), "/login", email=email, password=password))


@given(st.text(max_size=30), st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_password_matches_in_every_unicode_form(text: str, one: str, other: str) -> None:
    first, second = (unicodedata.normalize(form, text) for form in (one, other))
    assert passwords.verify_password(passwords.hash_password(first), second)


@each_form
def test_password_registered_in_one_form_logs_in_in_another(form: str, app: Flask, submit: Submit) -> None:
    fields = {"email": EMAIL, "password": WRITTEN[form], "confirm": WRITTEN["NFC"]}
    assert is_redirect(submit(app.test_client(), "/register", **fields))
    assert all(logs_in(app, submit, written) for written in WRITTEN.values())


@each_form
def test_password_changed_in_one_form_logs_in_in_another(
    form: str, app: Flask, client_as: ClientAs, submit: Submit, old_hash: CountingHasher
) -> None:
    fields = {"current": WRITTEN["NFD"], "password": NEW_PASSWORD + WRITTEN[form]}
    answer = submit(client_as(EMAIL), "/profile/password", **fields, confirm=NEW_PASSWORD + WRITTEN["NFKD"])
    assert is_redirect(answer)
    assert logs_in(app, submit, NEW_PASSWORD + WRITTEN["NFD"])


def test_old_hash_matches_the_typed_form_and_is_replaced(
    app: Flask, submit: Submit, old_hash: CountingHasher
) -> None:
    assert not logs_in(app, submit, WRITTEN["NFC"])
    assert logs_in(app, submit, WRITTEN["NFD"])
    with app.app_context():
        assert passwords.hasher.verify(the_account(EMAIL).password_hash, WRITTEN["NFKC"])
    assert logs_in(app, submit, WRITTEN["NFC"])


def test_hash_of_the_normal_form_is_not_replaced(
    app: Flask, submit: Submit, old_hash: CountingHasher
) -> None:
    assert logs_in(app, submit, WRITTEN["NFD"])
    old_hash.hashed = 0
    assert logs_in(app, submit, WRITTEN["NFD"])
    assert old_hash.hashed == 0


@pytest.mark.security(15)
@pytest.mark.parametrize("email", [EMAIL, "unknown@example.test", "ended@example.test"])
@pytest.mark.parametrize(("password", "verified"), [(WRITTEN["NFKC"], 1), (WRITTEN["NFC"], 2)])
def test_cost_of_a_failed_login_depends_on_the_password_alone(
    email: str, password: str, verified: int, app: Flask, submit: Submit, old_hash: CountingHasher
) -> None:
    old_hash.hashed = old_hash.verified = 0
    assert not logs_in(app, submit, password + " wrong", email)
    assert (old_hash.hashed, old_hash.verified) == (0, verified)


@pytest.mark.security(15)
def test_deactivated_account_costs_the_same_with_the_right_password(
    app: Flask, submit: Submit, old_hash: CountingHasher
) -> None:
    with app.app_context():
        the_account("ended@example.test").password_hash = passwords.hash_password(TYPED)
        db.session.commit()
    old_hash.hashed = old_hash.verified = 0
    assert not logs_in(app, submit, TYPED, "ended@example.test")
    assert (old_hash.hashed, old_hash.verified) == (0, 2)


@pytest.mark.parametrize(
    ("password", "minimum", "fault"),
    [
        (unicodedata.normalize("NFD", "éàüöñçïû"), 8, None),
        (unicodedata.normalize("NFD", "éàüöñçï"), 8, "Use at least 8 characters."),
        ("\U0001d54d\U0001d560\U0001d559\U0001d55f9#Q", 7, None),
        ("q\ufb03 7#Lv!", 10, None),
        ("e\u0301" * 1025, 8, "Use at most 1,024 characters; this has 1,025."),
        ("\ufdfa" * 57, 8, "Use at most 1,024 characters; this has 1,026."),
        (
            "\uff50assword1",
            8,
            "This password is too common or too easy to guess. Try a few unrelated words.",
        ),
        ("\uff44ashboard", 8, "Don't base the password on “dashboard”."),
    ],
)
def test_rules_apply_to_the_normal_form(password: str, minimum: int, fault: str | None) -> None:
    assert passwords.password_fault(password, minimum=minimum, email=EMAIL) == fault


def test_password_too_long_in_every_form_is_not_normalised() -> None:
    assert passwords.normal_form("e\u0301" * 2048) == "é" * 2048
    assert passwords.normal_form("e\u0301" * 2049) == "e\u0301" * 2049


def test_long_password_logs_in_in_the_longer_form(app: Flask, submit: Submit) -> None:
    long = "ñandú, crème brûlée; " * 48
    with app.app_context():
        an_account(email=EMAIL).password_hash = passwords.hash_password(long)
        db.session.commit()
    written = unicodedata.normalize("NFD", long)
    assert len(long) <= 1024 < len(written)
    assert logs_in(app, submit, written)
