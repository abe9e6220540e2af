"""A screen of records that are looked at: list, detail and bulk actions, behind the one gate.

Flask-Admin keeps the addresses, the actions and the theme; the list query, the gate and the pages are ours,
because its own read past filters, and need scripts to ask.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, NoReturn

from flask import abort, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import select

from dashboard.admin.kit.bulk import Bulk, BulkAction, offer_everything
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, Neighbours, RecordAction, find_neighbours
from dashboard.admin.kit.gate import ACTIONS_ONLY, Gate
from dashboard.admin.kit.page_size import remember_size, remembered_size
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.rows import RowMarkup
from dashboard.admin.kit.selection import SEEN, Chosen, Picked, Source, read_chosen
from dashboard.admin.kit.undo import offer_undo
from dashboard.admin.kit.urls import ScreenUrls, return_address
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.recording import describe
from dashboard.history.since import position
from dashboard.listing.columns import Badge
from dashboard.listing.page import ListPage, fetch_page
from dashboard.listing.state import Listing, read_state
from dashboard.refusal import Refusal
from dashboard.text.shortening import quoted
from dashboard.web.addresses import asked_address


class Screen(Gate, ModelView):  # type: ignore[misc]
    """A screen for one kind of record. It declares ``listing`` and ``permissions``."""

    singular: ClassVar[str]
    empty_text: ClassVar[str]
    search_placeholder: ClassVar[str] = "Search"
    listing: ClassVar[Listing]
    deletion_text: ClassVar[str] = "This cannot be undone."

    list_template = "admin/model/list.html"
    details_template = "admin/model/details.html"
    confirm_template = "admin/model/confirm.html"

    # Flask-Admin's own list and form machinery, and with it these addresses, are not used.
    ajax_lookup = None
    ajax_update = None
    action_delete = None
    create_view = None
    edit_view = None
    delete_view = None
    export = None

    def _refresh_cache(self) -> None:
        """Skip what Flask-Admin derives from all columns of the model: only what is declared is shown."""

    def scaffold_auto_joins(self) -> list[Any]:
        """Join nothing that is not declared."""
        return []

    def get_query(self) -> Any:
        """Every record that the person at hand may see."""
        return select(self.model).where(*self.listing.scope())

    def get_one(self, id: Any, lock: bool | None = None) -> Any:  # noqa: A002 - Flask-Admin's signature
        """The record with this id, or None if it does not exist or the current user may not see it.

        A request that writes locks it, unless `lock` says otherwise, so that it stays as it is compared.
        """
        key = read_id(str(id))
        if key is None:
            return None
        query = self.get_query().where(self.listing.key == key)
        locks = request.method == ACTIONS_ONLY if lock is None else lock
        return db.session.scalar(for_writing(query, self.listing.key) if locks else query)

    def get_or_404(self, lock: bool | None = None) -> Any:
        """The record that the request names, in its address or its form; see `get_one`."""
        record = self.get_one(request.values.get("id", ""), lock)
        return record if record is not None else self.missing()

    def missing(self) -> NoReturn:
        """Answer a request that names a record which is not there."""
        abort(404)

    def get_many(self, ids: Sequence[int]) -> list[Any]:
        """The records with these ids, by name, as far as they exist and may be seen."""
        by_name = self.listing.sort_key(self.listing.columns[0].name)
        query = self.get_query().where(self.listing.key.in_(ids)).order_by(by_name, self.listing.key)
        # Some may have been read before they were locked.
        return list(db.session.scalars(query.execution_options(populate_existing=True)))

    @abstractmethod
    def facts(self, record: Any) -> Sequence[Fact]:
        """What the detail page shows of a record."""

    def name_of(self, record: Any) -> str:
        """A record as messages name it, such as ``Product “Oak Lamp”``."""
        return f"{self.singular.capitalize()} {quoted(record)}"

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

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list."""
        return self.list_view()

    def list_view(self) -> ResponseReturnValue:
        """The list as the request asks for it."""
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

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Do something to the selected records: ask first, act when it is confirmed."""
        name = request.form.get("action", "")
        if name not in self._actions_data or not self.is_action_allowed(name):
            abort(400, "There is no such action.")
        seen = position(db.session)
        try:
            chosen = read_chosen(request.form, self.source)
        except Refusal as error:
            return self.go_back(str(error), "error")
        if not chosen.number:
            return self.go_back("Nothing was selected.", "warning")
        return self.answer_action(name, chosen, seen)

    def answer_action(self, name: str, chosen: Chosen, seen: int) -> ResponseReturnValue:
        """Do `name` if it is confirmed, else ask; `seen` is where the history is now."""
        act, label, _ = self._actions_data[name]
        if "confirm" in request.form:
            describe(db.session, origin=Origin.BULK)
            return self.attempt(lambda: act(chosen))
        tone = self.tone_of(name)
        bulk = Bulk(name, label, self.singular, chosen, tone, self.deletion_text, seen)
        return self.confirm(bulk.confirmation())

    def only(self, record: Any) -> Chosen:
        """One record, for what is done to several, as the question about it showed it."""
        return Picked(source=self.source, seen=read_id(request.form.get(SEEN, "")), records=[record])

    def ask_or_do(
        self, ask: Callable[[Any], Confirmation], change: Callable[[Chosen], str]
    ) -> ResponseReturnValue:
        """Ask on GET about the record that the request names, change it on POST.

        The confirmation holds for what the question showed: a record that changed since is left alone.
        """
        seen = position(db.session) if request.method != ACTIONS_ONLY else 0  # only the question tells it
        record = self.get_or_404()
        if not self.may_change(record):
            abort(403)
        if request.method == ACTIONS_ONLY:
            return self.attempt(lambda: change(self.only(record)))
        return self.confirm(self.about(record, seen, ask(record)))

    def about(self, record: Any, seen: int, question: Confirmation) -> Confirmation:
        """A question about one record, which was read after the position `seen` of the history."""
        return replace(question, fields=[("id", str(record.id)), (SEEN, str(seen)), *question.fields])

    @property
    def kind(self) -> str:
        """The name that the history has for these records."""
        return str(self.model.__tablename__)

    @property
    def source(self) -> Source:
        """The list that bulk actions choose their records from."""
        return Source(self.kind, self.listing, self.singular, self.locked_ids(), self.get_many)

    @property
    def urls(self) -> ScreenUrls:
        """The addresses of this screen."""
        return ScreenUrls(self.endpoint)

    def page(self, template: str, **context: Any) -> str:
        """Render a page of this screen."""
        if "urls" not in context:
            context["urls"] = self.urls.from_list(return_address(self.urls.index))
        return self.render(  # type: ignore[no-any-return]
            template,
            singular=self.singular,
            can_create=self.allows("create_view"),
            can_export=self.allows("export"),
            can_edit=self.allows("edit_view") and context.get("may_change", True),
            can_delete=self.allows("delete_view") and context.get("may_change", True),
            **context,
        )

    def confirm(self, confirmation: Confirmation) -> str:
        """Ask before something happens that matters."""
        back = return_address(self.urls.index)
        return self.page(
            self.confirm_template,
            confirmation=confirmation,
            action_url=asked_address(),  # with its query: a user who has to log in first is asked the same
            cancel_url=back,
        )

    def attempt(self, change: Callable[[], str]) -> ResponseReturnValue:
        """Make a change that returns its message; a refusal changes nothing and is told."""
        try:
            return self.done(change())
        except Refusal as refusal:
            db.session.rollback()
            return self.go_back(str(refusal), "error")

    def done(self, message: str) -> ResponseReturnValue:
        """Commit, tell, offer to undo it, and go back to where the person came from."""
        offer_undo(message)
        db.session.commit()
        return self.go_back(message, "success")

    def go_back(self, message: str, category: str) -> ResponseReturnValue:
        """Tell, and go back to where the person came from."""
        flash(message, category)
        return redirect(return_address(self.urls.index))

    def bulk_actions(self) -> tuple[BulkAction, ...]:
        """The actions that the person at hand may use on a selection."""
        if not self.allows("action_view"):
            return ()
        actions = [
            BulkAction(name, label, self.tone_of(name))
            for name, label in self._actions
            if self.is_action_allowed(name)
        ]
        return tuple(sorted(actions, key=lambda each: each.tone == "bad"))  # what destroys comes last

    def tone_of(self, action: str) -> str:
        """How an action is tinted: those that destroy stand out."""
        return "bad" if action == "delete" else "neutral"

    def neighbours(self, record: Any, back: str) -> Neighbours:
        """The records before and after this one in the list that `back` shows."""
        return find_neighbours(self.listing, record.id, back, self.urls)
