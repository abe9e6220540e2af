"""Recovery codes: each stands in for the second factor once (security line 61)."""

import base64
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.authenticator.codes import PERIOD_SECONDS
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.recovery_codes.codes import NUMBER, hash_code, new_codes
from dashboard.accounts.recovery_codes.flows import number_left
from dashboard.accounts.recovery_codes.models import RecoveryCode
from dashboard.accounts.security_log.events import Event
from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from dashboard.testing.second_factors import code_of
from unit.accounts.second_factors.steps import CODES, FACTOR, OVERVIEW, RECOVERY, Begin, is_in, lets_in
from unit.admin.reading import read
from unit.conftest import ClientAs, SetClock, Submit
from unit.security_log.reading import events

pytestmark = [pytest.mark.both_databases, pytest.mark.security(61)]


def left(app: Flask) -> int:
    with app.app_context():
        return number_left(the_account("viewer"))


def codes_on(page: str) -> list[str]:
    return [code.text for code in read(page).all("code")]


def test_each_code_lets_in_once(app: Flask, codes: list[str], begin: Begin, submit: Submit) -> None:
    assert lets_in(submit(begin(), RECOVERY, recovery_code=codes[3]))
    assert left(app) == NUMBER - 1
    client = begin()
    answer = submit(client, RECOVERY, recovery_code=codes[3])
    assert "This is not one of your recovery codes, or it was used already." in answer.text
    assert codes[3] not in answer.text
    assert lets_in(submit(client, RECOVERY, recovery_code=codes[4]))
    used = [row.facts for row in events(app) if row.event == Event.RECOVERY_CODE_USED]
    assert used == [{"left": NUMBER - 1}, {"left": NUMBER - 2}]


@pytest.mark.parametrize(
    "write", [str.upper, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' - ')} "]
)
def test_code_is_accepted_however_it_is_written(
    codes: list[str], begin: Begin, submit: Submit, write: object
) -> None:
    assert lets_in(submit(begin(), RECOVERY, recovery_code=write(codes[0])))  # type: ignore[operator]


@pytest.mark.parametrize("text", ["", "-", "x", "\0", "é" * 20, "a" * 41])
def test_text_that_is_no_code_is_refused(codes: list[str], begin: Begin, submit: Submit, text: str) -> None:
    client = begin()
    assert submit(client, RECOVERY, recovery_code=text).status_code == 200
    assert not is_in(client)


def test_database_holds_only_hashes(app: Flask, codes: list[str]) -> None:
    with app.app_context():
        stored = set(db.session.scalars(select(RecoveryCode.code_hash)))
        assert stored == {hash_code(code, the_account("viewer").id) for code in codes}
    assert not stored & set(codes)


def test_code_of_another_user_is_refused(
    app: Flask, codes: list[str], client_as: ClientAs, submit: Submit, set_clock: SetClock
) -> None:
    client = client_as("editor")
    set_clock(FRESH_FOR + timedelta(seconds=1))
    submit(client, "/login/confirm?way=recovery-code&next=/profile", recovery_code=codes[0])
    assert left(app) == NUMBER
    assert hash_code(codes[0], 1) != hash_code(codes[0], 2)


def test_codes_are_many_random_and_different() -> None:
    made = [code for _ in range(20) for code in new_codes()]
    assert len(set(made)) == 20 * NUMBER == 200
    assert {len(code) for code in made} == {19}
    assert len(set("".join(made)) - {"-"}) == 32  # 5 bits each, 80 in a code


def test_codes_are_shown_once_with_a_file(
    app: Flask, seed: str, client_as: ClientAs, submit: Submit, begin: Begin
) -> None:
    client = client_as("viewer")
    assert "shown only once" in client.get(CODES).text
    page = submit(client, CODES)
    shown = codes_on(page.text)
    assert len(shown) == NUMBER
    [link] = [each.attributes for each in read(page.text).all("a") if "download" in each.attributes]
    prefix, _, content = link["href"].partition(",")
    assert (prefix, link["download"]) == ("data:text/plain;charset=utf-8;base64", "recovery-codes.txt")
    file = base64.b64decode(content).decode()
    assert file.splitlines()[2:] == shown
    assert page.headers["Cache-Control"] == "no-store"
    for address in (CODES, OVERVIEW, "/profile"):
        assert not any(code in client.get(address).text for code in shown)
    assert "10 codes left" in client.get(OVERVIEW).text
    assert lets_in(submit(begin(), RECOVERY, recovery_code=shown[0]))


def test_new_codes_replace_those_before(
    codes: list[str], client_as: ClientAs, submit: Submit, begin: Begin
) -> None:
    client = client_as("viewer")
    assert "You have 10 codes left" in client.get(CODES).text
    [first, *_] = codes_on(submit(client, CODES).text)
    assert not lets_in(submit(begin(), RECOVERY, recovery_code=codes[0]))
    assert lets_in(submit(begin(), RECOVERY, recovery_code=first))


def test_user_without_a_factor_gets_no_codes(client_as: ClientAs, submit: Submit, app: Flask) -> None:
    client = client_as("viewer")
    assert client.get(CODES).location == OVERVIEW
    assert submit(client, CODES).location == OVERVIEW
    assert left(app) == 0


def test_last_code_leaves_the_other_factor(
    app: Flask, codes: list[str], seed: str, begin: Begin, submit: Submit, set_clock: SetClock
) -> None:
    for code in codes:
        assert lets_in(submit(begin(), RECOVERY, recovery_code=code))
    client = begin()
    assert 'name="one_time_code"' in client.get(RECOVERY).text
    set_clock(timedelta(seconds=PERIOD_SECONDS))
    assert lets_in(submit(client, FACTOR, one_time_code=code_of(seed)))
    assert "You have no recovery codes." in client.get(OVERVIEW).text
