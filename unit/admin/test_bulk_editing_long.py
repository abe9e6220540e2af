"""Changing so many products that a job does it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.admin.features import bulk_job
from dashboard.admin.features.bulk_edit import BulkEdit
from dashboard.admin.kit import bulk
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import ChangeKind, ChangeSet
from dashboard.history.recording import LedgerError, describe
from dashboard.jobs.models import Job, State
from dashboard.testing.catalogue import a_product, products
from unit.admin.editing_many import ACTION, apply, fields, preview, stored
from unit.admin.working import work
from unit.conftest import Submit

NUMBER = 30


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty products or more are changed by a job, five in a step."""
    monkeypatch.setattr(bulk, "MANY", 20)
    monkeypatch.setattr(bulk_job, "AT_ONCE", 5)


def feature_of(app: Flask) -> BulkEdit:
    """The feature of the products screen that edits many."""
    [view] = [view for view in app.extensions["admin"][0]._views if view.endpoint == "products"]
    found: BulkEdit = view.feature(BulkEdit)
    return found


@pytest.fixture
def seen(app: Flask, editor: FlaskClient, submit: Submit) -> dict[str, Any]:
    """The form that confirms a long edit: stock + 1 for each of thirty products."""
    with app.app_context():
        products(NUMBER)
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", matching=""))
    return {**fields(preview(editor, form, stock_how="add", stock_by="1", note="Autumn")), "confirm": "1"}


def sets(app: Flask) -> list[tuple[ChangeKind, str]]:
    with app.app_context():
        made = select(ChangeSet.kind, ChangeSet.reason).where(ChangeSet.request_id.like("job-%"))
        return [(row.kind, row.reason or "") for row in db.session.execute(made.order_by(ChangeSet.id))]


def faults(app: Flask) -> Any:
    with app.app_context():
        return verify(db.session).faults


def test_edit_of_everything_that_matches_is_a_job_in_steps(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        products(NUMBER)
        a_product("Draft", status=ProductStatus.DRAFT)
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", matching="status=active"))
    answer = apply(editor, form, stock_how="add", stock_by="1", note="Autumn")
    assert answer.location == "/admin/jobs/details/?id=1"
    assert {row.stock for row in stored(app)} == {7}
    job = work(app)
    assert (job.state, job.title, job.message) == (State.DONE, "Edit 30 products", "30 products changed.")
    assert [row.stock for row in stored(app)] == [8] * NUMBER + [7]
    assert sets(app) == [(ChangeKind.EDIT, "Autumn")] * 6
    assert faults(app) == []


def test_change_that_ends_what_the_list_has_reaches_every_record(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        products(NUMBER)
        db.session.commit()
    question = fields(submit(editor, ACTION, action="archived", matching="status=active"))
    editor.post(f"{ACTION}?", data=question)
    assert work(app).message == "30 products archived."
    assert {row.status for row in stored(app)} == {ProductStatus.ARCHIVED}


def test_job_is_undone_from_its_page(app: Flask, editor: FlaskClient, seen: dict[str, Any]) -> None:
    job = work_after(app, editor, seen)
    page = f"/admin/jobs/undo/?id={job.id}"
    question = editor.get(page).text
    assert "Undo “Edit 30 products”?" in question
    asked = editor.post(page, data=fields(editor.get(page)))
    assert asked.location == f"/admin/jobs/details/?id={job.id + 1}"
    assert work(app).message == "30 products undone."
    assert {row.stock for row in stored(app)} == {7}
    assert faults(app) == []


def work_after(app: Flask, editor: FlaskClient, form: dict[str, Any]) -> Job:
    editor.post(ACTION, data=form)
    return work(app)


def test_record_that_changed_since_the_question_undoes_the_others(
    app: Flask, editor: FlaskClient, seen: dict[str, Any]
) -> None:
    with app.app_context():
        product = db.session.scalars(select(Product).order_by(Product.id.desc())).first()
        assert product is not None
        update_product(product, {"name": "Elm Lamp"})
        db.session.commit()
    job = work_after(app, editor, seen)
    told = "“Elm Lamp” has changed since you opened this page. Nothing was changed. Review it and try again."
    assert (job.state, job.message) == (State.FAILED, told)
    assert {row.stock for row in stored(app)} == {7}
    assert faults(app) == []


def test_list_that_has_another_number_of_records_is_left_alone(
    app: Flask, editor: FlaskClient, seen: dict[str, Any]
) -> None:
    editor.post(ACTION, data=seen)
    with app.app_context():
        a_product("One more")
        db.session.commit()
    job = work(app)
    assert (job.state, "it now has 31 products, not 30" in job.message) == (State.FAILED, True)
    assert {row.stock for row in stored(app)} == {7}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            LedgerError(),
            "The change could not be recorded in the history, so it was not made. Try again later."
            " Nothing was changed.",
        ),
        (RuntimeError("oops"), "Something went wrong on our side. Nothing was changed."),
    ],
)
def test_fault_within_a_step_undoes_the_others(
    app: Flask,
    editor: FlaskClient,
    seen: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    words: str,
) -> None:
    feature = feature_of(app)
    real = feature.change
    done: list[int] = []

    def fail(keys: Any, change: Any) -> int:
        if done:
            raise fault
        done.append(real(keys, change))
        return done[0]

    monkeypatch.setattr(feature, "change", fail)
    job = work_after(app, editor, seen)
    assert (job.state, job.message) == (State.FAILED, words)
    assert {row.stock for row in stored(app)} == {7}


def test_job_of_a_killed_worker_goes_on_where_it_stopped(
    app: Flask, editor: FlaskClient, seen: dict[str, Any], monkeypatch: pytest.MonkeyPatch, set_clock: Any
) -> None:
    feature = feature_of(app)
    real = feature.change
    done: list[int] = []

    def end(keys: Any, change: Any) -> int:
        done.append(len(keys))
        if len(done) == 3:
            raise KeyboardInterrupt
        return real(keys, change)

    monkeypatch.setattr(feature, "change", end)
    editor.post(ACTION, data=seen)
    with pytest.raises(KeyboardInterrupt):
        work(app)
    assert sorted(row.stock for row in stored(app)) == [7] * 20 + [8] * 10
    set_clock(timedelta(minutes=1))
    assert work(app).message == "30 products done."
    assert {row.stock for row in stored(app)} == {8}


def test_edit_does_not_count_products_without_a_change(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        products(NUMBER)
        for key in range(2, 13):
            update_product(db.session.get_one(Product, key), {"stock": 5})
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", matching=""))
    asked = fields(preview(editor, form, stock_how="set", stock_by="5"))
    assert (
        work_after(app, editor, {**asked, "confirm": "1"}).message
        == "19 products changed, 11 already had these values."
    )


def test_delete_of_very_many_is_one_change_set(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        products(NUMBER)
        db.session.commit()
    question = fields(submit(editor, ACTION, action="delete", matching=""))
    editor.post(ACTION, data=question)
    job = work(app)
    assert (job.state, stored(app)) == (State.DONE, [])
    assert sets(app) == [(ChangeKind.DELETE, "")]


def test_undo_leaves_what_was_changed_since(app: Flask, editor: FlaskClient, seen: dict[str, Any]) -> None:
    job = work_after(app, editor, seen)
    with app.app_context():
        begin_write(db.session)
        describe(db.session, note="Counted")
        product = db.session.scalars(select(Product)).first()
        assert product is not None
        name = product.name
        update_product(product, {"stock": 99})
        db.session.commit()
    editor.post(f"/admin/jobs/undo/?id={job.id}", data=fields(editor.get(f"/admin/jobs/undo/?id={job.id}")))
    told = f"29 products undone. 1 product was changed since and stays: “{name}”."
    assert work(app).message == told
