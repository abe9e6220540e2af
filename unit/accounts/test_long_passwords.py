"""Long passwords are accepted, and estimated in a bounded time, one at a time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Lock
from typing import Any

import pytest
import zxcvbn
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts import passwords
from dashboard.testing.accounts import PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from dashboard.web.slots import Slots
from unit.conftest import Submit

LOOKALIKES = "4@8({[<369!1|70$5+%2"  # the symbols that zxcvbn also reads as letters
RANDOM = "hwvep9xtywcxa96tkvhg2tv6vtqy7ehye79uq3az"
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
NEWCOMER = "newcomer@example.test"


class Estimates:
    """Records the estimates of zxcvbn, and how many ran at once."""

    def __init__(self) -> None:
        self.lock, self.inside, self.most = Lock(), 0, 0
        self.asked: list[str] = []

    def __call__(self, part: str) -> Any:
        with self.lock:
            self.asked.append(part)
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            return zxcvbn.zxcvbn(part)
        finally:
            with self.lock:
                self.inside -= 1


@pytest.fixture
def estimates(monkeypatch: pytest.MonkeyPatch) -> Estimates:
    """Return a record of all estimates."""
    noted = Estimates()
    monkeypatch.setattr(passwords, "zxcvbn", noted)
    return noted


@pytest.mark.parametrize(
    "password",
    [
        LOOKALIKES[:18],
        (LOOKALIKES * 4)[:74],
        (LOOKALIKES * 60)[:1024],
        ALPHABET * 2 + LOOKALIKES * 2,
        "a" * 1024,
        "".join(map(chr, range(0x4E00, 0x4E00 + 1024))),
    ],
    ids=lambda text: text[:8],
)
def test_at_most_two_parts_of_18_characters_are_estimated(password: str, estimates: Estimates) -> None:
    passwords.is_guessable(password)
    assert estimates.asked
    assert sum(map(len, estimates.asked)) <= 2 * 18


def test_one_password_is_estimated_at_a_time(estimates: Estimates) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(passwords.is_guessable, [LOOKALIKES[:12] + str(number) for number in range(8)]))
    assert (len(estimates.asked), estimates.most) == (8, 1)


@pytest.mark.parametrize("length", [64, 128, 1024])
def test_long_random_password_is_accepted(length: int) -> None:
    password = "".join(map(chr, range(0x4E00, 0x4E00 + 7 * length, 7)))
    assert passwords.password_fault(password, minimum=8, email=NEWCOMER) is None


@pytest.mark.parametrize("weak", ["password" * 5, ALPHABET, "a" * 30, "1234567890" * 4, "qwertyuiop" * 3])
def test_weak_part_does_not_spoil_a_long_strong_password(weak: str) -> None:
    assert passwords.is_guessable(weak)
    assert not passwords.is_guessable(weak + RANDOM)
    assert not passwords.is_guessable(RANDOM + weak)


@pytest.mark.parametrize(
    "password",
    [
        "password" * 20,
        "password" * 3 + "passwor",
        "iloveyou" * 128,
        "2026-01-01" * 5,
        "p@ssw0rd" * 4,
        "abc" * 100,
        "Password1Password2Password3Password4",
        "monkey" * 5 + "dragon" * 5,
        "x" * 1000 + "y",
        ALPHABET + "0123456789",
        "q1w2e3r4t5y6u7i8o9p0",  # is a common password as a whole
    ],
    ids=lambda text: text[:24],
)
def test_common_or_repeated_password_is_refused_at_any_length(password: str) -> None:
    assert "too common" in str(passwords.password_fault(password, minimum=8, email=NEWCOMER))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", ""),
        ("abc", "abc"),
        ("abcabc", "abcabc"),
        ("abcdXabcd", "abcdX"),
        ("abcXabcY", "abcXabcY"),
        ("aaaaaaaa", "a"),
        ("passwordpasswor", "password"),
    ],
)
def test_repeated_piece_counts_once(text: str, left: str) -> None:
    assert passwords.without_repeats(text) == left


def test_huge_email_and_name_add_no_words_to_compare() -> None:
    words = "word " * 200_000
    assert passwords._guessable_word(PASSWORD, [words[:254], words[:100]]) is None
    assert passwords.password_fault(PASSWORD, minimum=8, email=words, name=words) is None


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], ExitStack]:
    """`with crowd(name, number):` all slots of that name are taken."""

    def crowd(name: str, number: int) -> ExitStack:
        slots = Slots(number, wait=0.01)
        monkeypatch.setattr(passwords, name, slots)
        held = ExitStack()
        for _ in range(number):
            held.enter_context(slots)
        return held

    return crowd


def statuses(submit: Submit, client: FlaskClient, emails: Sequence[str]) -> list[tuple[int, str | None]]:
    """Return status and Retry-After of a login with each email."""
    answers = [submit(client, "/login", email=email, password=PASSWORD) for email in emails]
    return [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers]


def test_waiting_too_long_for_a_hash_is_busy(
    app: Flask, client: FlaskClient, submit: Submit, crowd: Callable[[str, int], ExitStack]
) -> None:
    with app.app_context():
        known = the_account("viewer").email
    with crowd("hashing", 4):
        assert statuses(submit, client, [known, "nobody@example.test", "none"]) == [(503, "5")] * 3
    assert statuses(submit, client, ["nobody@example.test"]) == [(200, None)]


def test_waiting_too_long_for_an_estimate_is_busy(
    client: FlaskClient, submit: Submit, crowd: Callable[[str, int], ExitStack]
) -> None:
    fields = {"email": NEWCOMER, "password": PASSWORD, "confirm": PASSWORD}
    with crowd("estimating", 1):
        assert submit(client, "/register", **fields).status_code == 503
    assert is_redirect(submit(client, "/register", **fields))
