"""Users with a passkey, at a clock that stands still."""

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from dashboard.testing.passkeys import Device, a_passkey
from unit.accounts.passkeys.steps import NOON, Rows
from unit.conftest import SetClock


@pytest.fixture(autouse=True)
def _noon(set_clock: SetClock) -> None:
    set_clock(NOON)


@pytest.fixture
def device(app: Flask, _noon: None) -> Device:
    """The device with the passkey of the viewer."""
    return device_of(app, "viewer")


@pytest.fixture
def other_device(app: Flask, _noon: None) -> Device:
    """The device with the passkey of the editor."""
    return device_of(app, "editor")


@pytest.fixture
def rows(app: Flask) -> Rows:
    """`rows(model)` are the stored rows of a table."""

    def rows(model: type) -> list:
        with app.app_context():
            found = list(db.session.scalars(db.select(model)))
            db.session.expunge_all()
            return found

    return rows


def device_of(app: Flask, who: str) -> Device:
    with app.app_context():
        made = a_passkey(the_account(who))
        db.session.commit()
        return made
