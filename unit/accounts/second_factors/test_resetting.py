"""Resetting the second factors of users who lost them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.accounts.authenticator.flows import proposed_seed
from dashboard.accounts.authenticator.models import Authenticator
from dashboard.accounts.recovery_codes.models import RecoveryCode
from dashboard.accounts.security_log.events import Event
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from dashboard.testing.mail_servers import Mailbox, body
from dashboard.testing.second_factors import an_authenticator, code_of, recovery_codes
from unit.accounts.second_factors.steps import AUTHENTICATOR, is_in, lets_in
from unit.admin.reading import flashes, value
from unit.conftest import ClientAs, MakeApp, Submit
from unit.mailing import send_due
from unit.security_log.reading import events

pytestmark = pytest.mark.both_databases

RESET = "/admin/users/reset-factors/"


def key_of(app: Flask, who: str) -> str:
    with app.app_context():
        found = str(the_account(who).id)
        db.session.commit()
        return found


def factors_left(app: Flask) -> int:
    with app.app_context():
        numbers = (select(func.count()).select_from(model) for model in (Authenticator, RecoveryCode))
        return sum(db.session.scalar(number) or 0 for number in numbers)


def give_factor(app: Flask, who: str) -> None:
    with app.app_context():
        user = the_account(who)
        an_authenticator(user)
        recovery_codes(user)
        db.session.commit()


def test_admin_resets_a_factor_and_its_user_logs_in_with_the_password(
    app: Flask, client_as: ClientAs, submit: Submit, codes: list[str]
) -> None:
    viewer, admin, key = client_as("viewer"), client_as("admin"), key_of(app, "viewer")
    assert "Reset second factor" in admin.get(f"/admin/users/details/?id={key}").text
    question = admin.get(f"{RESET}?id={key}").text
    assert f"Reset the second factor of {email_of('viewer')}?" in question
    answer = submit(admin, RESET, id=key, seen=value(question, "seen"))
    assert flashes(admin.get(answer.location).text)[0] == (
        "success", f"Second factor of {email_of('viewer')} reset.",
    )  # fmt: skip
    assert factors_left(app) == 0
    assert not is_in(viewer)
    assert lets_in(submit(app.test_client(), "/login", email=email_of("viewer"), password=PASSWORD))
    [row] = [row for row in events(app) if row.event == Event.FACTORS_RESET]
    assert (row.actor, row.subject) == (email_of("admin"), email_of("viewer"))


@pytest.mark.security(55)
@pytest.mark.parametrize(("who", "whose"), [("admin", "owner"), ("owner", "owner"), ("admin", "admin")])
def test_nobody_resets_the_factor_of_a_higher_role_or_their_own(
    app: Flask, client_as: ClientAs, submit: Submit, who: str, whose: str
) -> None:
    give_factor(app, whose)
    client = client_as(who)
    assert submit(client, RESET, id=key_of(app, whose), seen="99").status_code in (403, 404)
    assert factors_left(app) == 11


def test_user_without_a_factor_has_none_to_reset(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    viewer, admin, key = client_as("viewer"), client_as("admin"), key_of(app, "viewer")
    page = admin.get(f"/admin/users/details/?id={key}").text
    assert "Reset second factor" not in page
    answer = submit(admin, RESET, id=key, seen="99")
    assert flashes(admin.get(answer.location).text) == [
        ("error", f"{email_of('viewer')} has no second factor.")
    ]
    assert is_in(viewer)


def test_user_is_told_of_every_change_of_factors(
    make_app: MakeApp, box: Mailbox, log_in: Callable[[FlaskClient, str], str], submit: Submit
) -> None:
    app = make_app(mail=box.server)
    viewer, owner = app.test_client(), app.test_client()
    log_in(viewer, "viewer")
    log_in(owner, "owner")
    page = viewer.get(AUTHENTICATOR).text
    with app.app_context():
        seed = proposed_seed(the_account("viewer"), value(page, "sealed_seed")) or ""
    sent = {"sealed_seed": value(page, "sealed_seed"), "one_time_code": code_of(seed)}
    submit(viewer, AUTHENTICATOR, **sent)
    submit(viewer, f"{AUTHENTICATOR}/remove")
    give_factor(app, "viewer")
    submit(owner, RESET, id=key_of(app, "viewer"), seen="99")
    send_due(app)
    letters = box.to(email_of("viewer"))
    subjects = [str(letter["subject"]) for letter in letters]
    assert [subject.partition(" (")[0] for subject in subjects] == [
        "A second factor was added",
        "A second factor was removed",
        "Your second factors were reset",
    ]
    assert all(email_of("viewer") in body(letter) for letter in letters)
