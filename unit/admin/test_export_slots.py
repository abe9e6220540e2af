"""Few exports run at a time, for each holds a thread for as long as its reader takes."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.admin.kit import export
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.web.slots import Slots
from unit.conftest import ClientAs

PRODUCTS, USERS = "/admin/products/export/csv/", "/admin/users/export/csv/"


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> Slots:
    """One export at a time, and nobody waits for it."""
    slots = Slots(1, wait=0.01)
    monkeypatch.setattr(export, "EXPORTS", slots)
    return slots


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    return client_as("owner")


@pytest.fixture
def exporting(one_at_a_time: Slots) -> Iterator[None]:
    """Another export runs for the whole test."""
    with one_at_a_time:
        yield


@pytest.mark.parametrize("path", [PRODUCTS, USERS])
def test_an_export_too_many_is_told_when_to_come_back(owner: FlaskClient, exporting: None, path: str) -> None:
    answer = owner.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("path", [PRODUCTS, USERS])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_export_gives_its_turn_back(
    owner: FlaskClient, one_at_a_time: Slots, path: str, method: str
) -> None:
    for _ in range(3):
        owner.open(path, method=method).close()
    with one_at_a_time:
        pass


def test_an_export_that_fails_gives_its_turn_back(
    owner: FlaskClient, one_at_a_time: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_keys: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("dashboard.accounts.managing.record_export", fail)
    assert owner.get(USERS).status_code == 500
    with one_at_a_time:
        pass


def test_an_export_that_is_refused_is_not_in_the_history(
    app: Flask, owner: FlaskClient, exporting: None
) -> None:
    owner.get(USERS)
    with app.app_context():
        exported = select(func.count()).select_from(Change).where(Change.action == "export")
        assert db.session.scalar(exported) == 0
