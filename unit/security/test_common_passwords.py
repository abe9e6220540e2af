"""Line 6: common passwords are refused, also those as long as production demands."""

from collections.abc import Iterator
from time import process_time

import pytest
from zxcvbn.matching import RANKED_DICTIONARIES

from dashboard.accounts.common_passwords import is_common
from dashboard.accounts.passwords import password_fault
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD
from unit.conftest import MakeApp, Submit
from unit.security.passwords import refusal

IN_PRODUCTION = 15
ENDINGS = (
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "123456789",
    "1999",
    "2024",
    "!",
    "123!",
    "!!!",
)
TOO_COMMON = "This password is too common or too easy to guess. Try a few unrelated words."

pytestmark = pytest.mark.security(6)


def lengthened() -> Iterator[str]:
    """The common passwords as people lengthen them, where production would accept their length."""
    for each in RANKED_DICTIONARIES["passwords"]:
        forms = (each, each * 2, each * 3, *(each + ending for ending in ENDINGS), f"123{each}123")
        letters = sum(sign.isalpha() for sign in each) >= 4
        yield from (form for form in forms if letters and len(form) >= IN_PRODUCTION)


def test_at_least_3000_that_satisfy_the_policy_are_refused() -> None:
    passwords = {*lengthened()}
    assert len(passwords) > 20_000
    assert not [each for each in passwords if not is_common(each)][:10]


def test_page_says_that_they_are_too_common() -> None:
    for each in sorted({*lengthened()})[::2000]:
        assert password_fault(each, minimum=IN_PRODUCTION, email="x@example.test") == TOO_COMMON


@pytest.mark.parametrize(
    "password",
    [
        "Liverpool1951!?",
        "bigdaddybigdaddy",
        "Butterfly1234567",
        "1987-Alexander!!",
        "passwordpassword",
    ],
)
def test_page_in_production_refuses_a_lengthened_password(
    make_app: MakeApp, submit: Submit, password: str
) -> None:
    client = make_app(password_min_length=IN_PRODUCTION).test_client()
    assert len(password) >= IN_PRODUCTION
    assert refusal(submit, client, password) == TOO_COMMON


@pytest.mark.parametrize("password", [PASSWORD, NEW_PASSWORD, "purple-elephant-42", "correcthorse99battery"])
def test_unrelated_words_are_accepted(password: str) -> None:
    assert not is_common(password)


@pytest.mark.parametrize("text", ["a" * 1024, "1" * 1024, "a1" * 512, "a" + "1" * 1022 + "a", "Ab!" * 341])
def test_longest_password_takes_no_time(text: str) -> None:
    began = process_time()
    for _ in range(100):
        is_common(text)
    assert process_time() - began < 1  # 10 ms each
