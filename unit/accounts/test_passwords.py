"""The rules for passwords, without pages."""

import pytest
from argon2 import PasswordHasher

from dashboard.accounts import passwords
from dashboard.testing.accounts import PASSWORD


def fault(password: str, email: str = "kim@example.test", name: str = "", minimum: int = 8) -> str | None:
    """Return why a password is refused, or None."""
    return passwords.password_fault(password, minimum=minimum, email=email, name=name)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "vK3#pQ8!zR5$wN2", "correct battery staple horse", "傘と月と静かな海と猫"],
)
def test_strong_password_has_no_fault(password: str) -> None:
    assert fault(password) is None


@pytest.mark.parametrize(
    ("password", "email", "name", "word"),
    [
        ("kim.quill", "kim.quill@example.test", "", "quill"),
        ("Quill2026", "kim.quill@example.test", "", "quill"),
        ("quillquill", "kim.quill@example.test", "", "quill"),
        ("Persephone!", "kim@example.test", "Persephone Quill", "persephone"),
        ("mydashboard", "kim@example.test", "", "dashboard"),
    ],
)
def test_password_that_is_mostly_a_word_of_its_owner_is_refused(
    password: str, email: str, name: str, word: str
) -> None:
    assert fault(password, email, name) == f"Don't base the password on “{word}”."


@pytest.mark.parametrize(
    ("password", "email", "name"),
    [
        ("kim walks over seven hills", "kim@example.test", ""),
        ("vk3!Quill#pQ8zR5$wN2", "quill@example.test", ""),
        ("al-vK3#pQ8!zR5", "al@example.test", "Al Wu"),
    ],
)
def test_password_that_only_contains_one_is_accepted(password: str, email: str, name: str) -> None:
    assert fault(password, email, name) is None


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaa", "12345678", "qwertyuiop", "iloveyou", "2026-01-01", "password123"]
)
def test_guessable_password_is_refused(password: str) -> None:
    assert "too common or too easy" in str(fault(password))


@pytest.mark.parametrize("stored", ["", "no hash", "$argon2id$v=19$broken", "$2b$12$" + "x" * 53])
def test_malformed_hash_matches_no_password(stored: str) -> None:
    assert not passwords.verify_password(stored, PASSWORD)


def test_hash_matches_its_password_and_no_other() -> None:
    stored = passwords.hash_password(PASSWORD)
    assert passwords.verify_password(stored, PASSWORD)
    assert not passwords.verify_password(stored, PASSWORD + "x")


@pytest.mark.parametrize("password", ["", PASSWORD, "nobody's password", "x" * 2000])
def test_no_password_matches_without_an_account(password: str) -> None:
    assert not passwords.verify_password(None, password)


def test_dummy_hash_costs_the_same_as_a_real_one(real_hasher: PasswordHasher) -> None:
    assert not passwords.needs_rehash(passwords.dummy_hash())
    assert len(passwords.dummy_hash()) == len(passwords.hash_password(PASSWORD))


def test_hash_with_other_parameters_needs_rehash() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    assert passwords.needs_rehash(weaker)
    assert not passwords.needs_rehash(passwords.hash_password(PASSWORD))
