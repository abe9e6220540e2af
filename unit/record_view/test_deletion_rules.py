"""Deleting a record that others refer to: what happens to them obeys the rules of their own form."""

from typing import Any

import pytest
from wtforms import ValidationError
from wtforms.validators import InputRequired

from dashboard.admin.record_view.view import RecordView
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, flashes
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import Branch, answered, branches, fields_of, stored
from unit.record_view.stored import COUNTRIES

pytestmark = pytest.mark.both_databases

QUESTION = f"{COUNTRIES}/delete/?id=de"
SUPPLIER, TWO, MOVED = (
    "1 supplier (Country)",
    "2 branches (Country)",
    "Move 2 branches (Country) to",
)


def german(_form: Any, field: Any) -> None:
    """Refuse every other country."""
    if field.data != "de":
        raise ValidationError("Branches are in Germany.")


class Required(RecordView):
    """Branches whose form asks for a country, although their table does not."""

    form_args = {"country_code": {"validators": [InputRequired()]}}  # noqa: RUF012


class German(RecordView):
    """Branches with a rule of their own."""

    form_args = {"country_code": {"validators": [german]}}  # noqa: RUF012


def test_clear_is_not_offered_where_the_form_requires_the_field(console: With) -> None:
    app = branches(console, lambda: Required(Branch))
    editor, before = logged_in(app, "editor"), stored(app)
    names = fields_of(editor.get(QUESTION).text)
    assert TWO not in names
    answers = {names[SUPPLIER]: "clear", names[MOVED]: ""}
    forged = answered(editor, QUESTION, **answers, **{names[MOVED].replace("to", "how"): "clear"})
    assert [*field_errors(forged.text)] == [names[MOVED]]
    assert stored(app) == before
    assert is_redirect(answered(editor, QUESTION, **{**answers, names[MOVED]: "fr"}))
    assert stored(app)["branches"] == [(1, "fr"), (1, "fr")]


def test_record_whose_form_refuses_the_new_value_stops_the_deletion(console: With) -> None:
    app = branches(console, lambda: German(Branch))
    editor, before = logged_in(app, "editor"), stored(app)
    names = fields_of(editor.get(QUESTION).text)
    answered(editor, QUESTION, **{names[SUPPLIER]: "clear", names[TWO]: "move", names[MOVED]: "fr"})
    assert flashes(editor.get(f"{COUNTRIES}/").text) == [("error", "“East”: Branches are in Germany.")]
    assert stored(app) == before
