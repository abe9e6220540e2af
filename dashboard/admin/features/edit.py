"""Creating and editing records by a form.

The write path is ours, because Flask-Admin's own loses updates: a form carries the state that was opened,
and the changes that another user saved since are merged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from dashboard.accounts.names import last_edit
from dashboard.admin.features.duplicating import copied, texts_of_copy
from dashboard.admin.features.gone import gone
from dashboard.admin.features.merging import OPENED_FIELD, REVIEW_FIELD, Merging, merge
from dashboard.admin.features.new_files import take_files, with_files
from dashboard.admin.features.presence import Presence, for_script
from dashboard.admin.features.record_files import RecordFiles
from dashboard.admin.kit.detail import find_neighbours
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import ConsoleForm, RecordForm, sent_state
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.relations import Relations
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.urls import ANOTHER, DETAILS, NEXT, THEN, return_address
from dashboard.admin.kit.wording import adding
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.web.flashes import tell_of
from dashboard.web.forms import sent_fields
from dashboard.web.recent import note_opened

JSON = "application/json"
Complete = Callable[[type[RecordForm], Any], type[RecordForm]]


class Edit(Feature[Screen]):
    """Records can be created and edited.

    ``form`` is the form of a record and ``new_form`` that of a new one, where it differs. ``create`` makes a
    record from a valid form, ``update`` changes one to it; both raise Refusal where a rule forbids it.
    ``values`` returns the values of a record as its form holds them. ``context`` returns further variables
    for the template of a form. ``complete`` returns the form of one record, or of a new one, that has more
    fields.
    """

    keeps_records = ("editing_view",)
    are_alike: ClassVar[bool] = True
    """Whether new records are often like others, so that one is duplicated, or several made one by one."""

    def __init__(
        self,
        form: type[RecordForm],
        *,
        create: Callable[[Screen, Any], Any],
        update: Callable[[Any, Any], None],
        values: Callable[[Any], Mapping[str, str]],
        new_form: type[RecordForm] | None = None,
        context: Callable[[], Mapping[str, Any]] = dict,
        complete: Complete | None = None,
    ) -> None:
        self.form, self.new_form = form, new_form or form
        self.create, self.update, self.values = create, update, values
        self.context, self.complete = context, complete

    @route("/new/", Access.WRITE, methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Create a record."""
        screen = self.screen
        source = copied(screen) if self.are_alike else None
        form = self.blank_form(source)
        take_files(form, source)
        if form.validate_on_submit():
            try:
                return self.created(self.create(screen, form))
            except Refusal as refusal:
                refuse(form, refusal)
        return screen.page(
            screen.create_template,
            title=adding(screen),
            form=form,
            cancel_url=return_address(screen.urls.index),
            copied=None if source is None else screen.listing.name_of(source),
            more_ways=((ANOTHER, "Create and add another"),) if self.are_alike else (),
            **self.context(),
        )

    def blank_form(self, source: Any = None) -> RecordForm:
        """The form of a new record with the fields of its files; with the values of `source`, if any."""
        form, files = self.form_for(self.new_form, None), self.screen.feature(RecordFiles)
        values = {} if source is None else texts_of_copy(self.screen, self.values(source))
        return (with_files(form, files) if files else form)(data=values)

    def on_record(self, record: Any) -> Mapping[str, Any]:
        """Offer to duplicate a record, whose form shows all of it."""
        may_see = self.screen.allows("edit_view") and self.screen.may_change(record)
        return {"can_duplicate": self.are_alike and may_see}

    def created(self, record: Any) -> ResponseReturnValue:
        """Go back to the list; where the form stood beside that of another record, say how to refer to it."""
        screen, back = self.screen, return_address(self.screen.urls.index)
        message = self.told(record, "created")
        is_more = request.form.get(THEN) == ANOTHER
        answer = screen.done(message, screen.urls.from_list(back).create if is_more else "")
        relations = screen.feature(Relations)
        if relations is None or request.accept_mimetypes.best != JSON:
            return answer
        return jsonify(asdict(relations.suggestion_of(record)))

    @route("/edit/", Access.WRITE, methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Edit a record; merge where another user changed it since it was opened."""
        screen = self.screen
        record = screen.get_one(request.values.get("id"))
        if record is None:
            return gone(screen, self.form_for(self.form, None)())
        if not screen.may_change(record):
            abort(403)
        form = self.form_for(self.form, record)(data=self.values(record))
        if not form.is_submitted():
            note_opened(screen.endpoint, key_text(screen.record.key_of(record)))
            if merging := self.open_form(record, form):
                return merging
        elif page := merge(self.merging, record, form):
            return page
        elif REVIEW_FIELD not in request.form and form.validate():
            try:
                return self.save(record, form)
            except Refusal as refusal:
                refuse(form, refusal)
        return self.edit_page(record, form)

    def form_for(self, form: type[RecordForm], record: Any) -> type[RecordForm]:
        """The form of one record; of a new one where `record` is None."""
        return self.complete(form, record) if self.complete else form

    def save(self, record: Any, form: RecordForm) -> ResponseReturnValue:
        """Change a record to a valid form; raises Refusal where a rule forbids it."""
        address = self.after_saving(record)
        self.update(record, form)
        self.presence(record).end()
        return self.screen.done(self.told(record, "saved"), address)

    def told(self, record: Any, done: str) -> str:
        """The message that a record was `done`; the list points at the record with it."""
        message = f"{self.screen.name_of(record)} {done}."
        tell_of(message, self.screen.kind, key_text(self.screen.record.key_of(record)))
        return message

    def after_saving(self, record: Any) -> str:
        """Where a user goes who saved a record: the next one in the list of before, its page, or the list."""
        screen, back = self.screen, return_address(self.screen.urls.index)
        if request.form.get(THEN) == NEXT:
            its = find_neighbours(screen.listing, record, back, screen.urls, "edit")
            following = None if its.next_key is None else screen.get_one(its.next_key, lock=False)
            if following is None or not screen.may_change(following):
                return back
            return its.next_url or back
        if request.args.get(THEN) == DETAILS:
            return screen.urls.of_record(screen.record.key_of(record), back).details
        return back

    @property
    def merging(self) -> Merging:
        """How these records are merged."""
        return Merging(self.screen, self.values, by_texts=self.complete is not None)

    def open_form(self, record: Any, form: RecordForm) -> str | None:
        """Let `form` remember the state that it shows; returns a merge page where the draft is one."""
        form.opened_state.data = sent_state()  # a draft carries the state that it was typed over
        if not form.opened_state.data:
            form.remember_state(record, self.merging.state(record))
        page = merge(self.merging, record, form) if OPENED_FIELD in sent_fields() else None
        return page[0] if page else None  # without its status: opening a page is no conflict

    def edit_page(self, record: Any, form: RecordForm) -> str:
        """The page with the form of an existing record."""
        screen = self.screen
        if OPENED_FIELD in sent_fields():
            form.rewrite_numbers()
        key, back = screen.record.key_of(record), return_address(screen.urls.index)
        urls = screen.urls.of_record(key, back)
        edited_at, edited_by = last_edit(db.session, screen.kind, key)
        return screen.page(
            screen.edit_template,
            title=f"Edit {screen.listing.name_of(record)}",
            obj=record,
            form=form,
            last_changed=updated_at(record) or edited_at,
            last_changed_by=edited_by,
            cancel_url=urls.details if request.args.get(THEN) == DETAILS else back,
            more_ways=((NEXT, "Save and next"),),
            urls=urls,
            presence=self.presence(record).others,
            **self.context(),
        )

    @route("/editing/", Access.WRITE, methods=("POST",))
    def editing_view(self) -> ResponseReturnValue:
        """Note that the current user has the form of a record open, and return who else has it open.

        The script of the page asks when the page opens and from time to time: reading a page changes nothing.
        """
        record = self.screen.get_or_404(lock=False)  # it must not wait for a save
        if not self.screen.may_change(record):
            abort(403)
        return jsonify(parts=[*map(for_script, self.presence(record).renew())])

    def presence(self, record: Any) -> Presence:
        """Who has the form of a record open."""
        return Presence(self.screen.kind, self.screen.record.key_of(record))


def updated_at(record: Any) -> datetime | None:
    """The moment that a record itself says it was changed at; None where its column holds something else."""
    at = getattr(record, "updated_at", None)
    return at if isinstance(at, datetime) and at.tzinfo else None


def refuse(form: ConsoleForm, refusal: Refusal) -> None:
    """Roll back, and show the refusal in the form."""
    db.session.rollback()
    form.add_error(str(refusal), refusal.field)
