"""What is said of a password wherever one is chosen: registering, changing one's own, making an account."""

import pytest
from flask.testing import FlaskClient

from dashboard.testing.accounts import PASSWORD
from unit.conftest import ClientAs, MakeApp, Submit

NEWCOMER = "newcomer@example.test"
TOO_COMMON = "too common or too easy to guess"
REFUSED = {
    "": "Choose a password.",
    "Ab3$xyz": "Use at least 8 characters.",
    "x" * 1025: "Use at most 1,024 characters; this has 1,025.",
    "password": TOO_COMMON,
    "12345678": TOO_COMMON,
    "qwertyuiop": TOO_COMMON,
    "letmein1": TOO_COMMON,
    "password123": TOO_COMMON,
    "staff console": "Do not build the password on “staff console”.",
}
OF_THE_ADDRESS = "Do not build the password on “newcomer”."

each_refusal = pytest.mark.parametrize(
    ("password", "reason"), [*REFUSED.items(), ("newcomer1", OF_THE_ADDRESS)], ids=lambda text: text[:20]
)


@each_refusal
def test_registering_says_why(client: FlaskClient, submit: Submit, password: str, reason: str) -> None:
    page = submit(client, "/register", email=NEWCOMER, password=password, confirm=password)
    assert page.status_code == 200
    assert reason in page.text


@each_refusal
def test_making_an_account_says_why(client_as: ClientAs, submit: Submit, password: str, reason: str) -> None:
    fields = {"email": NEWCOMER, "role": "viewer", "password": password, "confirm": password}
    page = submit(client_as("admin"), "/admin/users/new/", **fields)
    assert page.status_code == 200
    assert reason in page.text


@pytest.mark.parametrize(
    ("password", "reason"), {**REFUSED, "": "Choose a new password."}.items(), ids=lambda text: text[:20]
)
def test_changing_ones_own_says_why(client_as: ClientAs, submit: Submit, password: str, reason: str) -> None:
    fields = {"current": PASSWORD, "password": password, "confirm": password}
    page = submit(client_as("viewer"), "/profile/password", **fields)
    assert page.status_code == 200
    assert reason in page.text


@pytest.mark.parametrize(
    ("current", "confirm", "reason"),
    [
        ("", "copper meadow whistle", "Enter your current password."),
        ("not it", "copper meadow whistle", "This is not your current password."),
        (PASSWORD, "copper meadow whistle ", "The passwords differ."),
    ],
)
def test_a_change_asks_for_the_current_one_and_the_new_one_twice(
    client_as: ClientAs, submit: Submit, current: str, confirm: str, reason: str
) -> None:
    fields = {"current": current, "password": "copper meadow whistle", "confirm": confirm}
    assert reason in submit(client_as("viewer"), "/profile/password", **fields).text


@pytest.mark.parametrize(
    ("mode", "title"), [("invite", "By invitation only"), ("closed", "Registration is closed")]
)
def test_where_nobody_may_register_the_page_says_so(
    make_app: MakeApp, client_as: ClientAs, mode: str, title: str
) -> None:
    client_as("owner")  # the very first account may always be made
    page = make_app(registration=mode).test_client().get("/register")
    assert page.status_code == 403
    assert title in page.text
    assert 'name="password"' not in page.text
