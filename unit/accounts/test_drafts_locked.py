"""Drafts while another process writes: a form is saved, or can be sent again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from dashboard.extensions import db
from unit.accounts.drafting import Enter, Late, drafts
from unit.admin.reading import value
from unit.conftest import Submit

pytestmark = pytest.mark.sqlite
TYPED = {"name": "Kim", "mode": "dark"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    """Wait only a moment for a lock."""
    monkeypatch.setattr("dashboard.database.engine.BUSY_TIMEOUT_MS", 20)
    with app.app_context():
        db.engine.dispose()  # a connection keeps the timeout with which it was opened


@contextmanager
def another_writer(app: Flask) -> Iterator[sqlite3.Connection]:
    """Yield a connection like that of another process, without a lock yet."""
    with app.app_context():
        file = str(db.engine.url.database)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        yield writer


def test_form_can_be_sent_again_if_its_draft_cannot_be_stored(
    app: Flask, late: Late, submit: Submit, enter: Enter
) -> None:
    owner = late("owner")
    with another_writer(app) as writer:
        writer.execute("BEGIN IMMEDIATE")
        refused = submit(owner, "/profile", **TYPED)
        assert (refused.status_code, "Retry-After" in refused.headers, drafts(app)) == (503, True, 0)
    page = enter(owner, submit(owner, "/profile", **TYPED).location)
    assert value(page.text, "name") == "Kim"


def test_form_is_saved_even_if_its_draft_cannot_be_deleted(
    app: Flask, late: Late, submit: Submit, enter: Enter
) -> None:
    owner = late("owner")
    enter(owner, submit(owner, "/profile", **TYPED).location)
    with another_writer(app) as writer, app.app_context():
        lock = lambda _connection: writer.execute("BEGIN IMMEDIATE")  # noqa: E731
        event.listen(db.session.session_factory, "after_commit", lock, once=True)
        answer = submit(owner, "/profile?draft=1", **TYPED)
    assert (answer.status_code, drafts(app)) == (303, 1)
    page = owner.get("/profile").text
    assert "Profile saved." in page
    assert value(page, "name") == "Kim"
