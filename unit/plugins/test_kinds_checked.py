"""The checks that authors of plug-ins call: our own kinds pass, and each check notices a planted fault."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import ModuleType
from typing import Any

import pytest
from flask import Flask, request
from markupsafe import Markup
from sqlalchemy import String, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.kit.gate import route
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.permissions import Access
from dashboard.records import RecordView
from dashboard.testing.kinds import check_kinds, client_as, store
from unit.consoles import console_over

Checked = Callable[..., str]


class Base(DeclarativeBase):
    """The tables of these tests."""


class Box(Base):
    """A record with faults planted in its screen."""

    __tablename__ = "checked_boxes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    amount: Mapped[int | None]


@pytest.fixture
def checked(settings: Settings) -> Iterator[Checked]:
    """`checked(View, "access")` runs a check of boxes with this view, and returns the faults it names."""
    with ExitStack() as made:

        def checked(view: type[RecordView], *only: str, model: type[Base] = Box, **options: Any) -> str:
            module = ModuleType("boxes")
            module.register = lambda console: console.add(view(model))  # type: ignore[attr-defined]
            app = made.enter_context(console_over(settings, module, Base))
            try:
                check_kinds(app, only=only, **options)
            except AssertionError as error:
                return str(error)
            return ""

        yield checked


class Whole(RecordView):
    """A screen without a fault."""

    column_searchable_list = ("name",)


@pytest.mark.both_databases
def test_kind_without_a_fault_passes_all_checks(checked: Checked) -> None:
    assert checked(Whole) == ""


class OpenToAll(RecordView):
    """A page that lets everyone pass."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        handle = self._handle_view  # a class that defines the method stops the start
        self._handle_view = lambda name, **kwargs: None if name == "details_view" else handle(name, **kwargs)  # type: ignore[method-assign]


class WritesAsReader(RecordView):
    """A route that changes something for those who may only read."""

    @route("/empty/", Access.READ, methods=("GET", "POST"))
    def empty(self) -> str:
        if request.method == "POST":
            db.session.connection().execute(text("UPDATE checked_boxes SET amount = 0"))
            db.session.commit()
        return "done"


class FailsAtQueries(RecordView):
    """A list that fails at an address that is edited by hand."""

    def get_query(self) -> Any:
        int(request.args.get("size", "25"))
        return super().get_query()


class RemovesOthers(RecordView):
    """A hook that changes another record behind the history."""

    def on_model_delete(self, model: Any) -> None:
        statement = text("UPDATE checked_boxes SET amount = coalesce(amount, 0) + 1 WHERE id <> :id")
        db.session.connection().execute(statement, {"id": model.id})


class AsksForEachRow(RecordView):
    """A list that asks the database once for each row."""

    def list_page(self, page: Any) -> str:
        for row in page.rows:
            db.session.scalar(select(Box.name).where(Box.id == row.id))
        return super().list_page(page)


class Release(Base):
    """A record with a version that people write, and a column that counts changes."""

    __tablename__ = "checked_releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    changes: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": changes}  # noqa: RUF012


class Numbered(RecordView):
    """A screen without a fault: the form has the version."""


class Raises(RecordView):
    """A hook that raises the version behind the history."""

    form_columns = ("name",)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        db.session.connection().execute(text("UPDATE checked_releases SET version = version + 1"))


def test_column_that_counts_changes_may_go_on(checked: Checked) -> None:
    assert checked(Numbered, "undo", model=Release) == ""


def test_column_called_version_is_to_be_restored_by_undo(checked: Checked) -> None:
    told = checked(Raises, "undo", model=Release)
    assert "change a record: undo did not restore every value" in told


def test_page_that_is_open_to_everyone_is_named(checked: Checked) -> None:
    told = checked(OpenToAll, "access")
    assert "checked_boxes: GET /admin/checked_boxes/details/ is open for a user who is logged out" in told


def test_change_by_those_who_may_only_read_is_named(checked: Checked) -> None:
    told = checked(WritesAsReader, "access")
    assert "POST /admin/checked_boxes/empty/ changed records for viewer" in told


def test_query_at_which_a_page_fails_is_named(checked: Checked) -> None:
    told = checked(FailsAtQueries, "queries")
    assert "/admin/checked_boxes/?" in told
    assert "answers 500" in told


def test_script_within_a_page_is_named(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    page = RecordView.page
    script = Markup('<b onclick="go()">x</b><form method="post"><input name="a"></form></main>')

    def scripted(view: RecordView, template: str, **context: Any) -> str:
        html = page(view, template, **context)
        return html.replace("</main>", script) if template == view.details_template else html

    monkeypatch.setattr(RecordView, "page", scripted)
    told = checked(Whole, "forms")
    assert "<b> has onclick, which the browser ignores" in told
    assert "has no csrf_token" in told
    assert "the field a has no label" in told


def test_lost_update_is_named(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.admin.features.edit.merge", lambda *_: None)
    told = checked(Whole, "conflict")
    assert "the second was answered 303, expected: 409" in told
    assert "the second overwrote the first" in told


def test_value_that_undo_does_not_restore_is_named(checked: Checked) -> None:
    told = checked(RemovesOthers, "undo")
    assert "delete a record: undo did not restore every value" in told


def test_list_that_asks_for_each_row_is_named(checked: Checked) -> None:
    told = checked(AsksForEachRow, "statements")
    assert "statements for few records and" in told
    assert "the last is: " in told
    assert "expected: at most 1" in checked(Whole, "statements", most_statements=1)


class Strict(RecordView):
    """A screen with a rule that no made-up value keeps."""

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if not model.name.startswith("Box "):
            raise ValueError("A box is called Box.")


def test_rule_that_refuses_made_up_values_is_named_and_served(checked: Checked) -> None:
    assert "no record can be created by its form" in checked(Strict, "undo")
    values = {"checked_boxes": lambda number: {"name": f"Box {number}"}}
    assert checked(Strict, "undo", "conflict", values=values) == ""


def test_names_that_there_are_not_are_refused(checked: Checked) -> None:
    with pytest.raises(ValueError, match="There is no check acess; there are access, queries"):
        checked(Whole, "acess")
    with pytest.raises(ValueError, match="There is no kind boxes; there are checked_boxes"):
        checked(Whole, values={"boxes": dict})


def test_console_without_own_records_is_not_passed_over(app: Flask) -> None:
    with pytest.raises(AssertionError, match="no screen that is a RecordView"):
        check_kinds(app)


def test_records_are_stored_and_visitors_logged_in(app: Flask) -> None:
    assert client_as(app, None).get("/admin/").status_code == 302
    assert client_as(app, "viewer").get("/admin/").status_code == 200
    store(app)


class ReadOnly(RecordView):
    """A screen on which nothing can be changed."""

    can_create = can_edit = can_delete = False


def test_screen_that_creates_nothing_needs_records(checked: Checked) -> None:
    assert "there is no record; its screen cannot create one" in checked(ReadOnly)
