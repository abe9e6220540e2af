"""Bulk actions on everything that a list shows, on PostgreSQL, where others write meanwhile."""

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from unit.admin.conftest import Fill, count, fill, make, owner, slices, stored
from unit.admin.everything import ACTION, question, statuses, told
from unit.admin.test_bulk_everything import (
    test_all_accounts_but_ones_own_are_deactivated_reactivated_and_deleted,
    test_empty_categories_are_all_deleted,
    test_everything_that_matches_is_deleted_and_nothing_else,
    test_one_category_that_holds_products_keeps_all_of_them,
    test_the_status_of_everything_that_matches_is_set_and_of_nothing_else,
    test_what_was_judged_by_its_status_is_changed_once_and_dated,
)
from unit.admin.test_bulk_refused import test_when_another_number_matches_by_then_nothing_is_done
from unit.conftest import ClientAs, Submit
from unit.postgres.test_postgres_races import blocked_by, somebody_else

__all__ = [
    "count",
    "fill",
    "make",
    "owner",
    "slices",
    "somebody_else",
    "stored",
    "test_all_accounts_but_ones_own_are_deactivated_reactivated_and_deleted",
    "test_empty_categories_are_all_deleted",
    "test_everything_that_matches_is_deleted_and_nothing_else",
    "test_one_category_that_holds_products_keeps_all_of_them",
    "test_the_status_of_everything_that_matches_is_set_and_of_nothing_else",
    "test_what_was_judged_by_its_status_is_changed_once_and_dated",
    "test_when_another_number_matches_by_then_nothing_is_done",
]


@pytest.mark.parametrize(
    "theirs",
    [
        "DELETE FROM products WHERE name = 'Lamp 02'",
        "UPDATE products SET status = 'draft', version = version + 1 WHERE name = 'Lamp 02'",
    ],
)
def test_what_others_take_away_while_it_is_being_changed_leaves_all_as_it_was(
    theirs: str, app: Flask, client_as: ClientAs, fill: Fill, submit: Submit, somebody_else: Connection
) -> None:
    fill("products", 3)
    editor = client_as("editor")
    form = question(editor, submit, "archived", "status=active")
    somebody_else.execute(text(theirs))
    blocked_by(somebody_else, lambda: editor.post(ACTION, data=form).status_code)
    assert told(editor) == [
        ("error", "The list changed at the same moment. Nothing was done; look again before you decide.")
    ]
    assert "archived" not in statuses(app).values()
