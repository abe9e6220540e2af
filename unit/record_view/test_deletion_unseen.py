"""Deleting a record that others refer to which the user may not see: these are neither named nor changed."""

from typing import Any

import pytest
from flask import Flask

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.permissions import Access, Role
from unit.admin.reading import read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import Branch, answered, branches, stored
from unit.record_view.stored import COUNTRIES

pytestmark = pytest.mark.both_databases

QUESTION = f"{COUNTRIES}/delete/?id=de"


class Eastern(RecordView):
    """Only the branch in the east may be seen."""

    def get_query(self) -> Any:
        return super().get_query().filter(Branch.name == "East")


class Western(RecordView):
    """Branches that may not be changed but in the west."""

    def may_change(self, record: Any) -> bool:
        return bool(record.name == "West")


class Unread(RecordView):
    """Branches that editors may change but not see."""

    roles = {Access.READ: Role.ADMIN}  # noqa: RUF012


def words(html: str) -> str:
    """The text of a page's main part."""
    return str(read(html).all("main")[0].text)


def test_only_records_that_the_user_sees_are_counted(console: With) -> None:
    app = branches(console, lambda: Eastern(Branch))
    editor, before = logged_in(app, "editor"), stored(app)
    question = editor.get(QUESTION).text
    why = "It can't be deleted: it is used by 1 supplier, 1 branch and others that you may not see."
    alike = "It can't be deleted: it is used by 1 branch, 1 supplier and others that you may not see."
    assert why in words(question) or alike in words(question)
    assert "Move" not in question
    editor.post(QUESTION, data=record_form(question))
    told = editor.get(f"{COUNTRIES}/").text
    assert "others that you may not see" in told
    assert "2 branches" not in told
    assert stored(app) == before


def test_kind_that_the_user_may_not_read_is_not_named(console: With) -> None:
    app = branches(console, lambda: Unread(Branch))
    question = logged_in(app, "editor").get(QUESTION).text
    assert "it is used by 1 supplier and others that you may not see." in words(question)
    assert "branch" not in words(question)
    assert "Move" not in question


def test_only_unseen_records_are_told_without_a_number(console: With) -> None:
    app = branches(console, lambda: Unread(Branch))
    clear(app)
    question = logged_in(app, "editor").get(QUESTION).text
    assert "It can't be deleted: it is used by others that you may not see." in words(question)


def test_nothing_is_offered_for_records_that_may_not_be_changed(console: With) -> None:
    app = branches(console, lambda: Western(Branch))
    editor, before = logged_in(app, "editor"), stored(app)
    assert "Move" not in editor.get(QUESTION).text
    answered(editor, QUESTION)
    assert stored(app) == before


def test_bulk_deletion_names_no_unseen_records(console: With) -> None:
    app = branches(console, lambda: Unread(Branch))
    clear(app)
    editor = logged_in(app, "editor")
    token = read(editor.get(f"{COUNTRIES}/").text).fields["csrf_token"]
    fields = {"action": "delete", "rowid": ["de", "fr"], "csrf_token": token}
    editor.post(f"{COUNTRIES}/action/", data={**fields, "confirm": "1"})
    told = editor.get(f"{COUNTRIES}/").text
    assert "They can&#39;t be deleted: they are used by others that you may not see." in told


def clear(app: Flask) -> None:
    """Let no supplier be in a country."""
    with app.app_context():
        db.session.connection().exec_driver_sql("update own_suppliers set country_code = null")
        db.session.commit()
