"""Restoring so many records that a job does it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.admin.kit import bulk
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.jobs.models import State
from dashboard.testing.catalogue import products
from dashboard.trash.models import Trashed
from unit.admin.editing_many import fields
from unit.admin.working import work
from unit.conftest import Submit

NUMBER = 30
ACTION = "/admin/trash/action/"


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty records or more are restored by a job."""
    monkeypatch.setattr(bulk, "MANY", 20)


@pytest.fixture
def trashed(app: Flask) -> None:
    """Thirty products in the trash."""
    with app.app_context():
        products(NUMBER)
        db.session.commit()
        trash_products([*db.session.scalars(select(Product.id))])
        db.session.commit()


def number_of(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("trashed")
def test_whole_trash_is_restored_by_a_job_and_filled_by_its_undo(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    question = fields(submit(editor, ACTION, action="restore", matching=""))

    answer = editor.post(ACTION, data=question)

    assert answer.location == "/admin/jobs/details/?id=1"
    job = work(app)
    assert (job.state, job.message) == (State.DONE, "30 products restored.")
    assert (number_of(app, Product), number_of(app, Trashed)) == (NUMBER, 0)
    page = "/admin/jobs/undo/?id=1"
    editor.post(page, data=fields(editor.get(page)))
    assert work(app).message == "30 records undone."
    assert (number_of(app, Product), number_of(app, Trashed)) == (0, NUMBER)
    with app.app_context():
        assert not verify(db.session).faults


@pytest.mark.usefixtures("trashed")
def test_record_that_was_restored_since_stops_the_job(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    question = fields(submit(editor, ACTION, action="restore", matching=""))
    editor.post(ACTION, data=question)
    one = fields(editor.get("/admin/trash/restore/?id=1"))
    editor.post("/admin/trash/restore/?id=1", data=one)

    job = work(app)

    assert job.state is State.FAILED
    assert number_of(app, Product) == 1
