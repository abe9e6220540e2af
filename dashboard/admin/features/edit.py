"""The one secure view of records that are made and changed: every such screen is a declaration on top of it.

The write path is ours, because Flask-Admin's own loses updates, and a deletion goes through without asking.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from dashboard.accounts.names import last_author
from dashboard.admin.features.merging import OPENED, REVIEW, gone, merge
from dashboard.admin.features.presence import Presence
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.export import csv_response, in_turn
from dashboard.admin.kit.forms import ConsoleForm, RecordForm
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import Chosen
from dashboard.admin.kit.urls import BOM_ASKED, return_address
from dashboard.extensions import db
from dashboard.listing.state import read_state
from dashboard.refusal import Refusal
from dashboard.web.forms import sent_fields
from dashboard.web.returning import FILE
from dashboard.web.security_headers import refuse_foreign


class ConsoleView(Presence, Screen):
    """A screen with create, edit, delete and export besides.

    It declares ``form_class`` too, and says what its flows are in `create`, `update` and `remove`.
    """

    form_class: ClassVar[type[RecordForm]]
    merge_together: ClassVar[Sequence[Collection[str]]] = ()
    """Fields of the form that mean something together only; a merge takes them from one side."""

    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"

    def create_form_class(self) -> type[RecordForm]:
        """The form of a new record, where it differs from that of an existing one."""
        return self.form_class

    @abstractmethod
    def create(self, form: Any) -> Any:
        """Make a record from a valid form and return it."""

    @abstractmethod
    def update(self, record: Any, form: Any) -> None:
        """Change a record to a valid form."""

    @abstractmethod
    def remove(self, records: Sequence[Any]) -> int:
        """Delete records and return how many."""

    @abstractmethod
    def form_values(self, record: Any) -> Mapping[str, str]:
        """The values of a record as its form holds them."""

    def deletion_consequence(self, records: Sequence[Any]) -> str:  # noqa: ARG002
        """What deleting `records` means, in one sentence."""
        return self.deletion_text

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Make a record."""
        form = self.create_form_class()()
        if form.validate_on_submit():
            try:
                name = self.name_of(self.create(form))
                return self.done(f"{name} created.")
            except Refusal as refusal:
                self.refuse(form, refusal)
        return self.page(
            self.create_template,
            title=f"New {self.singular}",
            form=form,
            cancel_url=return_address(self.urls.index),
        )

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Change a record, unless another user changed it since it was opened."""
        record = self.get_one(request.values.get("id", ""))
        if record is None:
            return gone(self)
        if not self.may_change(record):
            abort(403)
        form = self.form_class(data=self.form_values(record))
        if not form.is_submitted():
            self.note_editing(record)
            if merging := self.open_form(record, form):
                return merging
        elif page := merge(self, record, form):
            return page
        elif REVIEW not in request.form and form.validate():
            try:
                self.update(record, form)
                self.end_editing(record)
                return self.done(f"{self.name_of(record)} saved.")
            except Refusal as refusal:
                self.refuse(form, refusal)
        return self.edit_page(record, form)

    def open_form(self, record: Any, form: RecordForm) -> str | None:
        """Let `form` remember the version that it shows; returns the merge page for a draft of one."""
        if not form.version.data:  # a draft brings the version that it was typed over
            form.remember_version(record)
        page = merge(self, record, form) if OPENED in sent_fields() else None
        return page[0] if page else None  # without its status: opening a page is no conflict

    def trash_url(self) -> str | None:
        """Where the record that the request names can be brought back, if it can."""
        return None

    def edit_page(self, record: Any, form: RecordForm) -> str:
        """The page with the form of an existing record."""
        back = return_address(self.urls.index)
        return self.page(
            self.edit_template,
            title=f"Edit {record}",
            obj=record,
            form=form,
            last_changed=record.updated_at,
            last_changed_by=last_author(db.session, self.model.__tablename__, record.id),
            cancel_url=back,
            urls=self.urls.of_record(record.id, back),
            presence=self.presence(record),
        )

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """Ask on GET, delete on POST."""
        return self.ask_or_do(self.deletion_question, self.delete)

    def deletion_question(self, record: Any) -> Confirmation:
        """Whether to delete a record."""
        return Confirmation(
            title=f"Delete {record}?",
            consequence=self.deletion_consequence([record]),
            verb=f"Delete {self.singular}",
            tone="bad",
        )

    @expose(FILE)
    def export(self) -> ResponseReturnValue:
        """Every record that the list shows now, as a file.

        A link on another site must not make a browser fetch it: the history records exports of users.
        """
        refuse_foreign()
        return in_turn(self.make_export)

    def make_export(self) -> Response:
        """The file itself."""
        state = read_state(self.listing, request.args)
        return csv_response(self.listing, state, self.endpoint, bom=BOM_ASKED in request.args)

    def delete(self, chosen: Chosen) -> str:
        """Delete the one record that was chosen and return the message that says so."""
        [(record,)] = chosen.slices()
        name = self.name_of(record)
        self.remove([record])
        return f"{name} deleted."

    def refuse(self, form: ConsoleForm, refusal: Exception) -> None:
        """Undo what was begun and say in the form why."""
        db.session.rollback()
        form.add_error(str(refusal), getattr(refusal, "field", None))
