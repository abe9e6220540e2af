"""The one secure model view: every screen of the console is a declaration on top of it.

Flask-Admin keeps the addresses, the actions and the theme; the list query, the write path, the gate and the
pages are ours, because its own lose updates, read and write past filters, and need scripts to ask.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import select

from dashboard.accounts.flows import AccountError
from dashboard.admin.bulk import Bulk, offer_everything
from dashboard.admin.confirmation import Confirmation
from dashboard.admin.export import csv_response
from dashboard.admin.facts import Fact, Neighbours, RecordAction, find_neighbours
from dashboard.admin.forms import ConsoleForm, RecordForm
from dashboard.admin.gate import Gate
from dashboard.admin.ids import read_id
from dashboard.admin.rows import RowMarkup
from dashboard.admin.selection import SelectionError, read_chosen
from dashboard.admin.sizes import remember_size, remembered_size
from dashboard.admin.urls import ScreenUrls, return_address
from dashboard.catalogue.flows import CatalogueError
from dashboard.extensions import db
from dashboard.listing.columns import Badge
from dashboard.listing.page import ListPage, fetch_page
from dashboard.listing.state import Listing, read_state

REFUSALS = (AccountError, CatalogueError, SelectionError)


class ConsoleView(Gate, ModelView):  # type: ignore[misc]
    """A screen for one kind of record: list, detail, create, edit, delete, bulk actions and export.

    A screen declares ``listing``, ``form_class`` and ``permissions``, and says what its flows are in
    `create`, `update` and `remove`.
    """

    singular: ClassVar[str]
    empty_text: ClassVar[str]
    search_placeholder: ClassVar[str] = "Search"
    listing: ClassVar[Listing]
    form_class: ClassVar[type[RecordForm]]

    list_template = "admin/model/list.html"
    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"
    details_template = "admin/model/details.html"
    confirm_template = "admin/model/confirm.html"

    # Flask-Admin's own list and form machinery, and with it these two addresses, are not used.
    ajax_lookup = None
    ajax_update = None

    def _refresh_cache(self) -> None:
        """Skip what Flask-Admin derives from all columns of the model: only what is declared is shown."""

    def scaffold_auto_joins(self) -> list[Any]:
        """Join nothing that is not declared."""
        return []

    def get_query(self) -> Any:
        """Every record that the person at hand may see."""
        return select(self.model).where(*self.listing.scope())

    def get_one(self, id: Any) -> Any:  # noqa: A002 - Flask-Admin's signature
        """The record with this id, or None where there is none that the person at hand may see."""
        key = read_id(str(id))
        return None if key is None else db.session.scalar(self.get_query().where(self.listing.key == key))

    def get_or_404(self) -> Any:
        """The record that the request names, in its address or its form."""
        record = self.get_one(request.values.get("id", ""))
        if record is None:
            abort(404)
        return record

    def get_many(self, ids: Sequence[int]) -> list[Any]:
        """The records with these ids, by name, as far as they exist and may be seen."""
        query = (
            self.get_query().where(self.listing.key.in_(ids)).order_by(self.listing.title, self.listing.key)
        )
        return list(db.session.scalars(query))

    # What a screen has to say.

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

    @abstractmethod
    def facts(self, record: Any) -> Sequence[Fact]:
        """What the detail page shows of a record."""

    def name_of(self, record: Any) -> str:
        """A record as messages name it, such as ``Product “Oak Lamp”``."""
        return f"{self.singular.capitalize()} “{record}”"

    def badge(self, record: Any) -> Badge | None:  # noqa: ARG002
        """The state of a record, shown beside its name."""
        return None

    def record_actions(self, record: Any) -> Sequence[RecordAction]:  # noqa: ARG002
        """What can be done to a record besides editing and deleting it."""
        return ()

    def may_change(self, record: Any) -> bool:  # noqa: ARG002
        """Whether the person at hand may change this very record."""
        return True

    def locked_ids(self) -> frozenset[int]:
        """The records that the list offers no change of, though the screen allows changes."""
        return frozenset()

    def deletion_consequence(self, records: Sequence[Any]) -> str:  # noqa: ARG002
        """What deleting means, in one sentence."""
        return "This cannot be undone."

    # The pages.

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list."""
        state = read_state(self.listing, request.args, remembered_size())
        page = fetch_page(db.session, self.listing, state, self.urls.index)
        response = make_response(self.list_page(page))
        has_own_size = state.view.isdigit()  # a saved view is no choice for other lists
        if state.size != state.default_size and not has_own_size:
            remember_size(response, state.size)
        return response

    def list_page(self, page: ListPage) -> str:
        """The page of a list."""
        urls, actions, locked = self.urls.from_list(page.url), self.bulk_actions(), self.locked_ids()
        markup = self.row_markup(page, urls, locked, can_pick=bool(actions))
        return self.page(
            self.list_template,
            title=self.name,
            listing=page,
            rows=markup.html(page.rows),
            urls=urls,
            bulk_actions=actions,
            everything=offer_everything(page, locked, self.singular) if actions else None,
            search_placeholder=self.search_placeholder,
            empty_text=self.empty_text,
        )

    def row_markup(
        self, page: ListPage, urls: ScreenUrls, locked: frozenset[int], can_pick: bool
    ) -> RowMarkup:
        """How the list shows its rows to the person at hand."""
        columns = self.listing.chosen(page.state.columns)
        can_edit, can_delete = self.allows("edit_view"), self.allows("delete_view")
        return RowMarkup(columns, urls, can_pick, can_edit, can_delete, locked)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One record, with the ones before and after it in the list it was opened from."""
        record = self.get_or_404()
        back = return_address(self.urls.index)
        return self.page(
            self.details_template,
            title=str(record),
            record=record,
            badge=self.badge(record),
            facts=self.facts(record),
            urls=self.urls.of_record(record.id, back),
            record_actions=self.record_actions(record),
            neighbours=self.neighbours(record, back),
            may_change=self.may_change(record),
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Make a record."""
        form = self.create_form_class()()
        if form.validate_on_submit():
            try:
                name = self.name_of(self.create(form))
                return self.done(f"{name} created.")
            except REFUSALS as refusal:
                self.refuse(form, refusal)
        return self.page(
            self.create_template,
            title=f"New {self.singular}",
            form=form,
            cancel_url=return_address(self.urls.index),
        )

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Change a record, unless somebody else did since it was opened."""
        record = self.get_or_404()
        if not self.may_change(record):
            abort(403)
        form = self.form_class(data=self.form_values(record))
        if not form.is_submitted():
            form.remember_version(record)
        elif form.is_outdated(record):
            return self.conflict(record, form)
        elif form.validate():
            try:
                self.update(record, form)
                return self.done(f"{self.name_of(record)} saved.")
            except REFUSALS as refusal:
                self.refuse(form, refusal)
        return self.edit_page(record, form)

    def conflict(self, record: Any, form: RecordForm) -> ResponseReturnValue:
        """Show what was typed beside what is stored by now; saving again is then a decision."""
        stored = self.form_values(record)
        form.validate()
        form.add_error("Somebody else saved this while you were editing. Nothing of yours is saved yet.")
        form.remember_version(record)
        return self.edit_page(record, form, conflict=form.differences(stored)), 409

    def edit_page(self, record: Any, form: RecordForm, **more: Any) -> str:
        """The page with the form of an existing record."""
        back = return_address(self.urls.index)
        return self.page(
            self.edit_template,
            title=f"Edit {record}",
            obj=record,
            form=form,
            last_changed=record.updated_at,
            cancel_url=back,
            urls=self.urls.of_record(record.id, back),
            **more,
        )

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """Ask on GET, delete on POST."""
        record = self.get_or_404()
        if not self.may_change(record):
            abort(403)
        if request.method == "POST":
            return self.attempt(lambda: self.delete(record))
        return self.confirm(
            Confirmation(
                title=f"Delete {record}?",
                consequence=self.deletion_consequence([record]),
                verb=f"Delete {self.singular}",
                tone="bad",
                fields=[("id", str(record.id))],
            )
        )

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Do something to the selected records: ask first, act when it is confirmed."""
        name = request.form.get("action", "")
        if name not in self._actions_data or not self.is_action_allowed(name):
            abort(400, "There is no such action.")
        try:
            chosen = read_chosen(request.form, self.listing, self.singular, self.locked_ids(), self.get_many)
        except SelectionError as error:
            return self.go_back(str(error), "error")
        if not chosen.number:
            return self.go_back("Nothing was selected.", "warning")
        act, label, _ = self._actions_data[name]
        if "confirm" in request.form:
            return self.attempt(lambda: act(chosen))
        return self.confirm(Bulk(name, label, self.singular, chosen, self.tone_of(name)).confirmation())

    @expose("/export/csv/")
    def export(self) -> ResponseReturnValue:
        """Every record that the list shows now, as a file."""
        return csv_response(self.listing, read_state(self.listing, request.args), self.endpoint)

    # How the pages are put together.

    @property
    def urls(self) -> ScreenUrls:
        """The addresses of this screen."""
        return ScreenUrls(self.endpoint, can_export=self.allows("export"))

    def page(self, template: str, **context: Any) -> str:
        """Render a page of this screen."""
        context.setdefault("urls", self.urls)
        return self.render(  # type: ignore[no-any-return]
            template,
            singular=self.singular,
            can_create=self.allows("create_view"),
            can_edit=self.allows("edit_view") and context.get("may_change", True),
            can_delete=self.allows("delete_view") and context.get("may_change", True),
            **context,
        )

    def confirm(self, confirmation: Confirmation) -> str:
        """Ask before something happens that matters."""
        back = return_address(self.urls.index)
        return self.page(
            self.confirm_template, confirmation=confirmation, action_url=request.path, cancel_url=back
        )

    def delete(self, record: Any) -> str:
        """Delete one record and return the message that says so."""
        name = self.name_of(record)
        self.remove([record])
        return f"{name} deleted."

    def attempt(self, change: Callable[[], str]) -> ResponseReturnValue:
        """Make a change that returns its message; a refusal changes nothing and is told."""
        try:
            return self.done(change())
        except REFUSALS as refusal:
            db.session.rollback()
            return self.go_back(str(refusal), "error")

    def done(self, message: str) -> ResponseReturnValue:
        """Commit, tell, and go back to where the person came from."""
        db.session.commit()
        return self.go_back(message, "success")

    def go_back(self, message: str, category: str) -> ResponseReturnValue:
        """Tell, and go back to where the person came from."""
        flash(message, category)
        return redirect(return_address(self.urls.index))

    def refuse(self, form: ConsoleForm, refusal: Exception) -> None:
        """Undo what was begun and say in the form why."""
        db.session.rollback()
        form.add_error(str(refusal), getattr(refusal, "field", None))

    def bulk_actions(self) -> list[dict[str, str]]:
        """The actions that the person at hand may use on a selection."""
        if not self.allows("action_view"):
            return []
        return [
            {"name": name, "label": label, "tone": self.tone_of(name)}
            for name, label in self._actions
            if self.is_action_allowed(name)
        ]

    def tone_of(self, action: str) -> str:
        """How an action is tinted: those that destroy stand out."""
        return "bad" if action == "delete" else "neutral"

    def neighbours(self, record: Any, back: str) -> Neighbours:
        """The records before and after this one in the list that `back` shows."""
        return find_neighbours(self.listing, record.id, back, self.urls)
