"""Exporting the records of a list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.actions import action
from flask_login import current_user
from wtforms import RadioField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput

from dashboard.accounts.reauthentication.asking import ask_for_proof
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.admin.features.export_files import CHOICES, IN_ZIP, LEAVE_OUT, file_lists
from dashboard.admin.features.export_history import ExportHistory, RecordPeople
from dashboard.admin.features.export_job import WORK
from dashboard.admin.kit.export import csv_response, in_turn
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.kit.gate import WRITES, needs, route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import AllMatching, Selection
from dashboard.admin.kit.urls import BOM_ASKED, return_address
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.history.exports import ExportedFile
from dashboard.jobs.flows import ask_for
from dashboard.jobs.following import follow
from dashboard.listing.page import ListPage
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import read_state
from dashboard.number_form import number_words
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.sheets.writing import FORMATS
from dashboard.web.addresses import asked_address
from dashboard.web.returning import FILE, redirect_to
from dashboard.web.security_headers import refuse_foreign
from dashboard.words import counted

EXPORT, STAGE = "export", "stage"
"""The bulk action that exports a selection, and the field that says that its form was filled in."""

IMPORTED = ("csv", "xlsx")
"""The formats that imports read."""


def at_least_one(_form: ConsoleForm, field: SelectMultipleField) -> None:
    """Refuse a file without columns. WTForms' own validators make a browser ask for every checkbox."""
    if not field.data:
        raise ValidationError("Choose at least one column.")


class Columns(SelectMultipleField):  # type: ignore[misc]
    """The columns of a file, each with a checkbox."""

    def pre_validate(self, form: ConsoleForm) -> None:  # noqa: ARG002 - the signature of WTForms
        """Refuse unknown columns without repeating what was sent."""
        if {*self.data} - {each.value for each in self.choices}:
            raise ValidationError("Not a valid choice.")


class ExportForm(ConsoleForm):
    """The format and the columns of a file."""

    format = RadioField(
        "Format", choices=[SelectChoice(name, each.label) for name, each in FORMATS.items()], default="csv"
    )
    files = RadioField(
        "Files", choices=[SelectChoice(name, label) for name, label in CHOICES.items()], default=LEAVE_OUT
    )
    column = Columns("Columns", [at_least_one], choices=[], option_widget=CheckboxInput())

    def validate_files(self, field: RadioField) -> None:
        """Refuse a ZIP that no import can read."""
        if field.data == IN_ZIP and self.format.data not in IMPORTED:
            raise ValidationError("Choose CSV or Excel for a ZIP, so that it can be imported again.")


class Export(Feature[Screen]):
    """The list can be exported, with the columns that its ``listing.export`` declares.

    The history records each file. ``record`` does so for records about people, from the keys of those in the
    file, in the transaction in which it is made or begins; without it each of them gets a line.
    """

    def __init__(self, record: RecordPeople | None = None) -> None:
        self.record = record

    def on_list(self, page: ListPage) -> Mapping[str, Any]:  # noqa: ARG002
        """Whether a page may come instead of the file, so that the browser must not save it."""
        return {"export_needs_proof": self.screen.record.personal}

    @route(FILE, Access.EXPORT)
    def export(self) -> ResponseReturnValue:
        """Every record of the list, as a file.

        A link on another site must not make a browser fetch it: the history records exports. Data about
        people needs a fresh proof of who takes it; `next_address` leads back to the list.
        """
        refuse_foreign()
        if self.screen.record.personal and not proof_is_fresh():
            return ask_for_proof()
        return in_turn(self.make_export)

    def make_export(self) -> Response:
        """The response with the file."""
        listing = self.screen.listing
        state = read_state(listing, request.args)
        if request.method == "GET":  # HEAD asks for no data
            columns = [column.name for column in listing.export]
            file = ExportedFile(0, FORMATS["csv"].label, columns, state.fixed_query)
            history_of(self.screen).begin(state, file)
        return csv_response(listing, state, self.screen.endpoint, bom=BOM_ASKED in request.args)

    @route("/export/", Access.EXPORT, methods=("GET", "POST"))
    def export_as(self) -> ResponseReturnValue:
        """Ask which format and columns a file is to have, and ask for the job that makes it."""
        screen, form = self.screen, ExportForm()
        if screen.record.personal and not proof_is_fresh():
            return ask_for_proof()
        state = read_state(screen.listing, request.args)
        number = ResultSet.of(db.session, screen.listing, state).number
        return self.page_or_job(
            form,
            is_filled=request.method == WRITES,
            rows={"query": state.fixed_query},
            title=f"Export {str(screen.name).lower()}",
            told=f"{number_words(number)} {screen.singular if number == 1 else 'records'}, "
            "as the list shows them now.",
            action_url=asked_address(),
        )

    @action(EXPORT, "Export…")
    @needs(Access.EXPORT)
    def action_export(self, chosen: Selection) -> ResponseReturnValue | None:
        """Export the selected records."""
        return self.answer_action(EXPORT, chosen, 0)

    def answer_action(self, name: str, chosen: Selection, seen: int) -> ResponseReturnValue | None:  # noqa: ARG002
        """Ask which format and columns the file of the selected records is to have, or ask for its job."""
        if name != EXPORT:
            return None
        screen = self.screen
        if isinstance(chosen, AllMatching):
            return redirect_to(f"{screen.urls.index}export/?{chosen.matching.state.fixed_query}")
        if screen.record.personal and not proof_is_fresh():
            return ask_for_proof()
        is_filled = request.form.get(STAGE) == EXPORT
        keys = [key for keys in chosen.keys(lock=False) for key in keys]
        number = counted(len(keys), screen.singular)
        return self.page_or_job(
            ExportForm(**({} if is_filled else {"formdata": None})),
            is_filled=is_filled,
            rows={"query": "", "keys": [key_text(key) for key in keys]},
            title=f"Export {number}",
            told=f"{number} selected.",
            action_url=f"{screen.urls.index}action/?{request.query_string.decode()}".rstrip("?"),
            fields=[("action", EXPORT), (STAGE, EXPORT), *chosen.fields],
        )

    def page_or_job(
        self, form: ExportForm, *, is_filled: bool, rows: Mapping[str, Any], **page: Any
    ) -> ResponseReturnValue:
        """The form of an export, or the page of the job that makes the file of these rows."""
        screen = self.screen
        if not file_lists(screen):
            del form.files
        form.column.choices = [SelectChoice(each.name, each.label) for each in screen.listing.export]
        if not is_filled:
            form.column.data = [each.name for each in screen.listing.export]
        elif form.validate():
            try:
                return self.asked(form, rows)
            except Refusal as refusal:
                db.session.rollback()
                form.add_error(str(refusal))
        return screen.page(
            "admin/model/export.html", form=form, cancel_url=return_address(screen.urls.index), **page
        )

    def asked(self, form: ExportForm, rows: Mapping[str, Any]) -> ResponseReturnValue:
        """Ask for the job, and lead to its page."""
        screen = self.screen
        files = form.files.data if "files" in form else LEAVE_OUT
        chosen = {"format": form.format.data, "columns": form.column.data, "files": files}
        params = {"screen": screen.endpoint, **rows, **chosen}
        title = f"{screen.name} as {FORMATS[form.format.data].label}"
        job = ask_for(WORK, title, owner_id=current_user.id, params=params, record_kind=screen.kind)
        db.session.commit()
        follow(job.id)
        return redirect_to(url_for("jobs.details_view", id=job.id))


def history_of(screen: Screen) -> ExportHistory:
    """The history of the exports of a screen."""
    feature = screen.feature(Export)
    return ExportHistory(screen, feature.record if feature else None)
