"""Editing so many products that it is told how far it is."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.admin.features.bulk_edit import BulkEdit
from dashboard.admin.kit import progress
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.extensions import db
from dashboard.history.recording import LedgerError
from dashboard.testing.catalogue import a_product, products
from unit.admin.editing_many import ACTION, apply, fields, preview, stored
from unit.admin.reading import flashes, read
from unit.conftest import Submit


def bulk_edit_of(app: Flask) -> BulkEdit:
    """The feature of the products screen that edits many."""
    [view] = [view for view in app.extensions["admin"][0]._views if view.endpoint == "products"]
    found: BulkEdit = view.feature(BulkEdit)
    return found


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """From twenty products on, what is done to them is told on a page of its own, after every five."""
    monkeypatch.setattr(progress, "STREAMED_FROM", 20)
    monkeypatch.setattr("dashboard.listing.result_set.SLICE", 5)


@pytest.fixture
def seen(app: Flask, editor: FlaskClient, submit: Submit, streamed: None) -> dict[str, Any]:
    """What confirms the preview of a long change: one piece more of each of thirty products."""
    with app.app_context():
        products(30)
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", matching=""))
    return fields(preview(editor, form, stock_how="add", stock_by="1"))


@pytest.mark.usefixtures("streamed")
def test_everything_that_matches_is_edited_with_its_progress_told(
    app: Flask, editor: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        products(30)
        a_product("Draft", status=ProductStatus.DRAFT)
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", matching="status=active"))
    answer = apply(editor, form, stock_how="add", stock_by="1")
    assert "Content-Length" not in answer.headers  # it is sent as it is made
    steps = [(bar.attributes["value"], bar.attributes["max"]) for bar in read(answer.text).all("progress")]
    assert steps == [(str(done), "30") for done in range(5, 31, 5)]
    assert flashes(answer.text) == [("success", "30 products changed.")]
    assert "Undo" in answer.text
    assert [row.stock for row in stored(app)] == [8] * 30 + [7]


def test_what_is_in_the_way_of_a_long_change_is_told_at_its_end(
    app: Flask, editor: FlaskClient, seen: dict[str, Any]
) -> None:
    with app.app_context():
        update_product(db.session.scalars(select(Product)).first(), {"name": "Elm Lamp"})  # type: ignore[arg-type]
        db.session.commit()
    answer = editor.post(ACTION, data={**seen, "confirm": "1"})
    assert flashes(answer.text) == [
        ("error", "“Elm Lamp” was changed since. Nothing was changed. Review it and try again.")
    ]
    assert {row.stock for row in stored(app)} == {7}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            LedgerError(),
            "The change could not be recorded in the history, so it was not made. Try again later.",
        ),
        (RuntimeError("oops"), "Something went wrong. Nothing was changed."),
    ],
)
def test_a_fault_amid_a_long_change_is_told_and_changes_nothing(
    app: Flask,
    editor: FlaskClient,
    seen: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    words: str,
) -> None:
    feature = bulk_edit_of(app)
    real = feature.change
    done: list[int] = []

    def fail(keys: Any, change: Any) -> int:
        if done:
            raise fault
        done.append(real(keys, change))
        return done[0]

    monkeypatch.setattr(feature, "change", fail)
    answer = editor.post(ACTION, data={**seen, "confirm": "1"})
    assert flashes(answer.text) == [("error", words)]
    assert "Back to the list" in answer.text
    assert {row.stock for row in stored(app)} == {7}


def test_a_preview_that_is_left_half_way_leaves_nothing(
    app: Flask, editor: FlaskClient, seen: dict[str, Any]
) -> None:
    answer = editor.post(ACTION, data={**seen, "confirm": "1"}, buffered=False)
    pieces = answer.iter_encoded()
    while b"<progress" not in next(pieces):
        pass
    answer.close()
    assert {row.stock for row in stored(app)} == {7}


def test_a_long_edit_does_not_count_them_either(
    app: Flask, editor: FlaskClient, submit: Submit, streamed: None
) -> None:
    with app.app_context():
        products(30)
        for key in range(2, 13):
            update_product(db.session.get_one(Product, key), {"stock": 5})
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", matching=""))
    seen = fields(preview(editor, form, stock_how="set", stock_by="5"))
    answer = editor.post(ACTION, data={**seen, "confirm": "1"})
    assert flashes(answer.text) == [("success", "19 products changed.")]
