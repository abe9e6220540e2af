"""The rules for passwords, apart from the pages that hold people to them."""

import pytest
from argon2 import PasswordHasher

from dashboard.accounts import passwords
from dashboard.testing.accounts import PASSWORD


def fault(password: str, email: str = "kim@example.test", name: str = "", minimum: int = 8) -> str | None:
    """What is wrong with a password."""
    return passwords.password_fault(password, minimum=minimum, email=email, name=name)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "x" * 0 + "vK3#pQ8!zR5$wN2", "correct battery staple horse", "傘と月と静かな海と猫"],
)
def test_a_good_password_has_no_fault(password: str) -> None:
    assert fault(password) is None


@pytest.mark.parametrize(
    ("password", "email", "name"),
    [
        ("kim.quill", "kim.quill@example.test", ""),
        ("Quill2026", "kim.quill@example.test", ""),
        ("quillquill", "kim.quill@example.test", ""),
        ("Persephone!", "kim@example.test", "Persephone Quill"),
        ("mydashboard", "kim@example.test", ""),
    ],
)
def test_a_password_that_mostly_is_a_word_of_its_owner_is_refused(
    password: str, email: str, name: str
) -> None:
    assert "Don't base the password on" in str(fault(password, email, name))


@pytest.mark.parametrize(
    ("password", "email", "name"),
    [
        ("kim walks over seven hills", "kim@example.test", ""),
        ("vk3!Quill#pQ8zR5$wN2", "quill@example.test", ""),
        ("al-vK3#pQ8!zR5", "al@example.test", "Al Wu"),
    ],
)
def test_a_password_that_only_holds_one_is_taken(password: str, email: str, name: str) -> None:
    assert fault(password, email, name) is None


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaa", "12345678", "qwertyuiop", "iloveyou", "2026-01-01", "password123"]
)
def test_a_password_that_falls_to_a_guess_is_refused(password: str) -> None:
    assert "too common or too easy" in str(fault(password))


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$v=19$broken", "$2b$12$" + "x" * 53])
def test_a_hash_that_is_none_lets_nobody_in(kept: str) -> None:
    assert not passwords.verify_password(kept, PASSWORD)


def test_a_hash_lets_its_password_in_and_no_other() -> None:
    kept = passwords.hash_password(PASSWORD)
    assert passwords.verify_password(kept, PASSWORD)
    assert not passwords.verify_password(kept, PASSWORD + "x")


@pytest.mark.parametrize("password", ["", PASSWORD, "nobody's password", "x" * 2000])
def test_without_an_account_no_password_is_right(password: str) -> None:
    assert not passwords.verify_password(None, password)


def test_the_hash_that_nobody_has_costs_what_a_real_one_does(real_hasher: PasswordHasher) -> None:
    assert not passwords.needs_rehash(passwords.dummy_hash())
    assert len(passwords.dummy_hash()) == len(passwords.hash_password(PASSWORD))


def test_a_hash_with_other_parameters_wants_replacing() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    assert passwords.needs_rehash(weaker)
    assert not passwords.needs_rehash(passwords.hash_password(PASSWORD))
