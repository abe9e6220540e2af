"""Stored seeds of authenticator apps: encrypted for one user, and again after a change of keys (line 63)."""

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard.accounts.authenticator.factor import UNREADABLE
from dashboard.accounts.authenticator.flows import encrypt_again, number_outdated, use_code
from dashboard.accounts.authenticator.models import Authenticator
from dashboard.accounts.encryption import newest_key
from dashboard.accounts.security_log.events import Event
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from dashboard.testing.second_factors import code_of
from unit.accounts.second_factors.steps import FACTOR, RECOVERY, lets_in, row_of, use
from unit.admin.reading import read
from unit.conftest import MakeApp, Submit
from unit.consoles import SECRET_KEY
from unit.security_log.reading import events

pytestmark = [pytest.mark.both_databases, pytest.mark.security(63)]

OTHER_KEY = "8e1d4f6a2b9c40738e1d4f6a2b9c4073"


def test_database_holds_no_seed_in_the_clear(app: Flask, seed: str) -> None:
    row = row_of(app)
    assert row
    with app.app_context():
        assert row.seed.startswith(f"{newest_key()}.")
    assert seed not in row.seed


def test_seed_copied_to_another_user_gives_no_codes(app: Flask, seed: str) -> None:
    with app.app_context():
        db.session.execute(update(Authenticator).values(user_id=the_account("editor").id))
        db.session.commit()
    assert not use(app, code_of(seed), "editor")


@pytest.mark.parametrize("encrypt", ["by use", "by the task"])
def test_seed_is_encrypted_again_after_a_change_of_keys(
    app: Flask, seed: str, make_app: MakeApp, encrypt: str
) -> None:
    later = make_app(encryption_keys=(OTHER_KEY,))
    with later.app_context():
        assert number_outdated() == (1, 0)
        if encrypt == "by use":
            assert use_code(the_account("viewer"), code_of(seed))
        else:
            assert encrypt_again() is False
    without_old = make_app(secret_key="5" + SECRET_KEY[1:], encryption_keys=(OTHER_KEY,))
    with without_old.app_context():
        assert number_outdated() == (0, 0)
        assert use_code(the_account("viewer"), code_of(seed, steps=1))
    assert not use(app, code_of(seed, steps=1))


def test_right_code_of_an_unreadable_seed_is_not_called_wrong(
    app: Flask, seed: str, codes: list[str], make_app: MakeApp, submit: Submit
) -> None:
    lost = make_app(secret_key="5" + SECRET_KEY[1:])
    client = lost.test_client()
    submit(client, "/login", email=email_of("viewer"), password=PASSWORD)
    page = client.get(FACTOR).text
    assert UNREADABLE in page
    assert "recovery_code" in read(page).fields
    answer = submit(client, f"{FACTOR}?way=authenticator", one_time_code=code_of(seed))
    assert (answer.status_code, UNREADABLE in answer.text) == (200, True)
    assert "The code is wrong" not in answer.text
    assert "one_time_code" not in read(answer.text).fields
    assert "Use a recovery code" in answer.text
    assert Event.LOGIN_FAILED not in {row.event for row in events(app)}
    assert lets_in(submit(client, RECOVERY, recovery_code=codes[0]))


def test_unreadable_seed_without_another_way_leads_to_an_admin(
    seed: str, make_app: MakeApp, submit: Submit
) -> None:
    client = make_app(secret_key="5" + SECRET_KEY[1:]).test_client()
    submit(client, "/login", email=email_of("viewer"), password=PASSWORD)
    page = client.get(FACTOR).text
    assert UNREADABLE in page
    assert not any(button.text == "Log in" for button in read(page).all("button"))


def test_unreadable_seed_stays_and_lets_nobody_in(
    app: Flask, seed: str, codes: list[str], make_app: MakeApp
) -> None:
    lost = make_app(secret_key="5" + SECRET_KEY[1:])
    stored = row_of(app)
    with lost.app_context():
        assert encrypt_again() is False
        assert number_outdated() == (0, 1)
        assert not use_code(the_account("viewer"), code_of(seed))
    assert row_of(app).seed == stored.seed  # type: ignore[union-attr]
    assert use(app, code_of(seed))
