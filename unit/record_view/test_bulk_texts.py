"""Changing texts of many records of a mapped class at once."""

from typing import Any

import pytest
from flask import Flask

from unit.admin.reading import field_errors, read
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import As
from unit.record_view.kinds import Supplier
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases


def column(app: Flask, name: str) -> list[Any]:
    """The values of a column of the suppliers, by their keys."""
    return [row[name] for row in sorted(rows(app, Supplier), key=lambda row: row["id"])]


def test_part_of_a_text_is_replaced_where_it_is(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    changes = {"city-find": "o", "city": "0"}
    preview = edit(editor, 1, 2, 3, 4, **changes)
    assert field_errors(preview.text) == {}
    assert [fact.text for fact in read(preview.text).all("dd")][:3] == ["1", "3", "0"]
    confirmed(editor, preview)
    assert column(suppliers, "city") == ["B0nn", None, "köln", None]


def test_name_and_unique_texts_take_changes_of_texts_and_no_one_value(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    preview = edit(editor, 1, 2, **{"name-how": "after", "name": " Ltd"})
    confirmed(editor, preview)
    assert column(suppliers, "name")[:2] == ["Oak & Sons Ltd", "Elm Ltd"]
    same = edit(editor, 1, 2, **{"name-how": "set", "name": "Both"})
    assert "name-how" in field_errors(same.text)
    assert column(suppliers, "name")[:2] == ["Oak & Sons Ltd", "Elm Ltd"]


def test_text_that_would_be_too_long_is_skipped(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    preview = edit(editor, 1, 2, **{"name-how": "before", "name": "x" * 72})
    assert [fact.text for fact in read(preview.text).all("dd")][:3] == ["1", "0", "1"]
    assert "It would have 82 characters, and at most 80 fit." in preview.text
    confirmed(editor, preview)
    assert column(suppliers, "name")[0] == "Oak & Sons"


def test_names_that_would_be_the_same_are_refused_with_their_record(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    confirmed(editor, edit(editor, 2, **{"name-how": "after", "name": " Ash"}))
    before = column(suppliers, "name")
    answer = confirmed(editor, edit(editor, 2, **{"name-how": "replace", "name-find": "Elm ", "name": ""}))
    assert "Elm Ash" in answer.text
    assert column(suppliers, "name") == before


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"city-how": "replace", "city": "x"}, "city-find"),
        ({"city-how": "after"}, "city"),
        ({"city-how": "clear", "city-find": "x"}, "city-find"),
        ({"city-how": "after", "city": "\0"}, "city"),
        ({"city-how": "after", "city": "x" * 1001}, "city"),
        ({"city-how": "replace", "city-find": "x" * 1001, "city": "y"}, "city-find"),
    ],
)
def test_incomplete_change_of_texts_is_told_at_its_field(
    typed: dict[str, str], where: str, suppliers: Flask, as_role: As
) -> None:
    before = rows(suppliers, Supplier)
    answer = edit(as_role("editor"), 1, 2, **typed)
    assert field_errors(answer.text).keys() == {where}
    assert rows(suppliers, Supplier) == before
