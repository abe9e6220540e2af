"""Changing texts of many products at once: replaced, or put before or after, by the rules of a name."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from unit.admin.editing_many import ACTION, fields, preview
from unit.admin.reading import field_errors, read
from unit.conftest import Submit
from unit.history.reading import change_sets

NAMES = ("Oak handmde Lamp", "handmde, handmde", "Plain", "x" * 195 + "hand")


@pytest.fixture
def form(app: Flask, editor: FlaskClient, submit: Submit) -> dict[str, Any]:
    """The form for four products."""
    with app.app_context():
        keys = [
            a_product(name, description="Old\ntext" if place else "").id for place, name in enumerate(NAMES)
        ]
        db.session.commit()
    return fields(submit(editor, ACTION, action="edit", rowid=keys))


def apply(editor: FlaskClient, page: TestResponse) -> None:
    """Confirm a preview."""
    assert editor.post(ACTION, data={**fields(page), "confirm": "1"}).status_code == 303


def names(app: Flask) -> list[str]:
    """The names of all products, in the order in which they were created."""
    with app.app_context():
        return list(db.session.scalars(select(Product.name).order_by(Product.id)))


def test_typo_is_replaced_in_every_name_and_found_by_its_new_one(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    page = preview(editor, form, name_find="handmde", name_by="handmade")
    assert [fact.text for fact in read(page.text).all("dd")] == ["2", "2", "0"]
    apply(editor, page)
    assert names(app) == ["Oak handmade Lamp", "handmade, handmade", *NAMES[2:]]
    assert "Oak handmade Lamp" in editor.get("/admin/products/?q=handmade+lamp&sort=name").text
    with app.app_context():
        assert change_sets()[-1].kind == "edit"


@pytest.mark.parametrize(
    ("how", "typed", "new"), [("before", "New ", "New Plain"), ("after", " (old)", "Plain (old)")]
)
def test_text_is_put_before_or_after_with_its_blank(
    how: str, typed: str, new: str, app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    page = preview(editor, form, name_how=how, name_by=typed)
    assert [fact.text for fact in read(page.text).all("dd")] == ["3", "0", "1"]
    assert "x" * 195 in page.text  # too long with it, and therefore skipped
    apply(editor, page)
    assert names(app)[2:] == [new, NAMES[3]]


def test_descriptions_are_changed_and_blank_ones_stay(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    apply(editor, preview(editor, form, description_how="replace", description_find="Old", description_by=""))
    apply(editor, preview(editor, form, description_how="after", description_by="!"))
    with app.app_context():
        found = list(db.session.scalars(select(Product.description).order_by(Product.id)))
    assert found[0] == ""
    assert all(text.endswith("text!") for text in found[1:])


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name_how": "replace", "name_by": "x"}, {"name_find": "Enter what to find."}),
        ({"name_how": "before"}, {"name_by": "Enter what to put there."}),
        ({"name_how": "after", "name_find": "x", "name_by": "y"}, {"name_find": "Choose “Find"}),
        ({"description_by": "y"}, {"description_how": "Choose what to do with y."}),
        ({"name_how": "turn", "name_by": "x"}, {"name_how": "Not a valid choice."}),
    ],
)
def test_incomplete_change_of_texts_is_told_at_its_field(
    typed: dict[str, str], errors: dict[str, str], app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    page = preview(editor, form, **typed)
    assert field_errors(page.text).keys() == errors.keys()
    assert names(app) == [*NAMES]


def test_name_of_which_nothing_would_be_left_is_skipped(
    app: Flask, editor: FlaskClient, form: dict[str, Any]
) -> None:
    page = preview(editor, form, name_how="replace", name_find="Plain", name_by="")
    assert [fact.text for fact in read(page.text).all("dd")] == ["0", "3", "1"]
    assert "Enter a name" in page.text
    assert names(app) == [*NAMES]


def test_preview_pages_through_all_changes(app: Flask, editor: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        keys = [a_product(f"Lamp {number:02}").id for number in range(60)]
        db.session.commit()
    form = fields(submit(editor, ACTION, action="edit", rowid=keys))
    first = preview(editor, form, name_how="after", name_by="!")
    assert "Changes 1 to 25 of 60" in first.text
    assert "Previous changes" not in first.text
    second = editor.post(ACTION, data={**fields(first), "dashboard-changes": "25"})
    assert "Changes 26 to 50 of 60" in second.text
    assert "Lamp 25!" in second.text
    last = editor.post(ACTION, data={**fields(second), "dashboard-changes": "50"})
    assert "Changes 51 to 60 of 60" in last.text
    assert "Next changes" not in last.text
    apply(editor, last)
    assert names(app)[-1] == "Lamp 59!"
