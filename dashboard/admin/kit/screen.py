"""A screen of one kind of record, made of features.

Flask-Admin registers it. The query, the gate and the pages are ours: its own read past filters, lose updates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any, ClassVar, NoReturn, TypeVar

from flask import Blueprint, abort, flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_admin import helpers
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import select

from dashboard.accounts.uploads import ALLOWS
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact, RecordAction, find_neighbours, opened_record
from dashboard.admin.kit.feature import Feature, Handler, access_in, add_routes, first, together
from dashboard.admin.kit.gate import WRITES, Gate, route
from dashboard.admin.kit.page_size import remember_size, remembered_size
from dashboard.admin.kit.proofs import ask_before_change
from dashboard.admin.kit.relations import Relations
from dashboard.admin.kit.rows import RowMarkup
from dashboard.admin.kit.selection import Source
from dashboard.admin.kit.typed_filters import TypedFilters
from dashboard.admin.kit.undo import offer_undo
from dashboard.admin.kit.urls import ScreenUrls, return_address
from dashboard.admin.kit.wording import adding
from dashboard.database.locks import for_writing
from dashboard.database.recorded import BY_MODEL, Recorded
from dashboard.extensions import db
from dashboard.listing.columns import Badge
from dashboard.listing.fetching import fetch_page
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing, read_state
from dashboard.permissions import Access, Permission, Role
from dashboard.refusal import Refusal
from dashboard.registry import Record, Reverting, Unit
from dashboard.text.shortening import quoted
from dashboard.web.addresses import asked_address
from dashboard.web.flashes import take_told_of
from dashboard.web.returning import redirect_to

F = TypeVar("F", bound=Feature[Any])
SHARED = ("model", "singular", "endpoint", "reverting", "roles", "units", "trash", "recorded", "needs_proof")


class Screen(Gate, ModelView):  # type: ignore[misc]
    """A screen of one kind of record: a declaration, with methods for the particulars of its records.

    ``features`` are added to its pages. ``roles`` is the least role for each access that differs from the
    default. ``recorded`` are the fields in the history, if the model has not said so.
    """

    singular: str
    row_button: ClassVar[str] = ""  # a verb: the address that the button in each row is sent to
    new_label: ClassVar[str] = ""
    empty_text: str
    empty_title: ClassVar[str] = ""
    search_placeholder: ClassVar[str] = "Search"
    references: ClassVar[Mapping[str, str]] = {}
    """The columns that refer to other records, by the filters of the list that take their keys."""
    listing: Listing
    features: Sequence[Feature[Any]] = ()
    usual_features: ClassVar[Sequence[Feature[Any]]] = (Relations(), TypedFilters())
    roles: ClassVar[Mapping[Access, Role]] = {}
    reverting: Reverting
    units: ClassVar[Mapping[str, Unit]] = {}
    trash: Any = None
    recorded: Recorded = BY_MODEL
    deletion_text: ClassVar[str] = "This cannot be undone."

    # Flask-Admin's own list and form machinery, and with it these addresses, are not used.
    ajax_lookup = ajax_update = action_delete = action_view = None
    create_view = edit_view = delete_view = export = None
    ask_for_proof = ask_before_change

    def __init__(self, *args: Any, **options: Any) -> None:
        self.features = tuple(feature.bound_to(self) for feature in (*self.features, *self.usual_features))
        super().__init__(*args, **options)

    def create_blueprint(self, admin: Any) -> Blueprint:
        """Add the addresses of the features; raises ValueError where two of them have one name."""
        blueprint: Blueprint = super().create_blueprint(admin)
        add_routes(blueprint, {name for _, name, _ in self._urls}, self.features, self._guarded)
        return blueprint

    def _guarded(self, name: str, handler: Handler) -> Handler:
        @wraps(handler)
        def view() -> ResponseReturnValue:
            helpers.set_current_view(self)
            return handler() if (answer := self._handle_view(name)) is None else answer

        setattr(view, ALLOWS, lambda: self.allows(name))
        return view

    def init_actions(self) -> None:
        """Collect the bulk actions of the screen and of its features."""
        super().init_actions()
        for feature in self.features:
            for _, handler in feature.marked("_action"):
                name, label, description = handler._action
                self._actions.append((name, label))
                self._actions_data[name] = (handler, label, description)

    def _refresh_cache(self) -> None:
        """Skip what Flask-Admin derives from the columns of the model: only declared columns are shown."""

    def scaffold_auto_joins(self) -> list[Any]:
        """Return no tables: the listing declares its joins."""
        return []

    def feature(self, kind: type[F]) -> F | None:
        """The feature of this class; None where the screen does not have it."""
        return next((each for each in self.features if isinstance(each, kind)), None)

    @cached_property
    def record(self) -> Record:
        """The record of the registry for this kind, which shares some attributes with the screen."""
        its: dict[str, Any] = {name: getattr(self, name) for name in SHARED}
        can_create = self.access_to("create_view") is not None
        return Record(title=self.listing.title, name=str(self.name), can_create=can_create, **its)

    def permission(self, access: Access) -> Permission:
        """The permission for an access to these records."""
        return self.record.permission(access)

    def access_to(self, view_function: str) -> Access | Permission | None:
        """The access that a view function of the screen or of one of its features needs."""
        return super().access_to(view_function) or access_in(self.features, view_function)

    @property
    def kind(self) -> str:
        """The name of these records in the history."""
        return self.record.kind

    @property
    def source(self) -> Source:
        """The list that records are selected from."""
        return Source(self.kind, self.listing, self.singular, self.locked_ids(), self.get_many)

    @property
    def urls(self) -> ScreenUrls:
        """The addresses of this screen."""
        return ScreenUrls(self.endpoint)

    def visible(self) -> Any:
        """The statement for every record that the current user may see."""
        return select(self.model).where(*self.listing.scope())

    def get_one(self, id: Any, lock: bool | None = None) -> Any:  # noqa: A002 - Flask-Admin's signature
        """The record with this id; None where it does not exist or the current user may not see it.

        A request that writes locks it, unless `lock` says otherwise: its version is compared before.
        """
        key = None if id is None else self.listing.read_key(str(id))  # the key of a record may be empty
        if key is None:
            return None
        query = self.visible().where(self.listing.key == key)
        locks = request.method == WRITES if lock is None else lock
        return db.session.scalar(for_writing(query, self.listing.key) if locks else query)

    def get_or_404(self, lock: bool | None = None) -> Any:
        """The record that the request names, in its address or its form; see `get_one`."""
        record = self.get_one(request.values.get("id"), lock)
        return record if record is not None else self.missing()  # a record may have a length, and it may be 0

    def missing(self) -> NoReturn:
        """Abort a request that names a record that does not exist."""
        for feature in self.features:
            feature.on_missing()
        abort(404)

    def get_many(self, keys: Sequence[Any]) -> list[Any]:
        """The records with these keys that the current user may see, in the order of their names."""
        key, first = self.listing.key, self.listing.sort_key(self.listing.columns[0].name)
        # The first column may show the name of another record, which this statement does not read.
        name = first if first is not None and first.parent is key.parent else self.listing.title
        query = self.visible().where(key.in_(keys)).order_by(name, key)
        return list(db.session.scalars(query.execution_options(populate_existing=True)))  # since the lock

    def facts(self, record: Any) -> Sequence[Fact]:  # noqa: ARG002
        """The facts on the page of a record."""
        return ()

    def name_of(self, record: Any) -> str:
        """A record as messages name it, such as ``Product “Oak Lamp”``."""
        return f"{self.singular.capitalize()} {quoted(self.listing.name_of(record))}"

    def badge(self, record: Any) -> Badge | None:  # noqa: ARG002
        """The state of a record, shown beside its name."""
        return None

    def record_actions(self, record: Any) -> Sequence[RecordAction]:  # noqa: ARG002
        """The actions on a record besides editing and deleting."""
        return ()

    def may_change(self, record: Any) -> bool:  # noqa: ARG002
        """Whether the current user may change this record."""
        return True

    def locked_ids(self) -> frozenset[Any]:
        """The keys of records that the list does not offer to change, although the screen allows changes."""
        return frozenset()

    @route("/", Access.READ)
    def index_view(self) -> ResponseReturnValue:
        """The list, or what a feature shows instead."""
        answer = first(feature.instead_of_list() for feature in self.features)
        return self.list_view() if answer is None else answer

    def list_view(self) -> ResponseReturnValue:
        """The list that the request asks for."""
        state = read_state(self.listing, request.args, remembered_size())
        response = make_response(self.list_page(fetch_page(db.session, self.listing, state, self.urls.index)))
        if state.size != state.default_size and not state.view.isdigit():  # a saved view has its own size
            remember_size(response, state.size)
        return response

    def list_page(self, page: ListPage) -> str:
        """The page of a list."""
        urls, columns = self.urls.from_list(page.url), self.listing.chosen(page.state.columns)
        can_pick = any(feature.picks_rows() for feature in self.features)
        edit, delete = (self.column_display_actions and self.allows(f"{n}_view") for n in ("edit", "delete"))
        shown, button = (self.locked_ids(), take_told_of(self.kind)), self.row_button
        markup = RowMarkup(columns, urls, can_pick, edit, delete, *shown, button)
        return self.page(
            self.list_template,
            title=self.name,
            listing=page,
            rows=markup.html(page.rows),
            has_row_actions=edit or delete or bool(button),
            urls=urls,
            search_placeholder=self.search_placeholder,
            empty_text=self.empty_text,
            empty_title=self.empty_title,
            **together(feature.on_list(page) for feature in self.features),
        )

    @route("/details/", Access.READ)
    def details_view(self) -> ResponseReturnValue:
        """One record, with the ones before and after it in the list it was opened from."""
        record, back = opened_record(self), return_address(self.urls.index)
        return self.page(
            self.details_template,
            title=self.listing.name_of(record),
            record=record,
            badge=self.badge(record),
            facts=self.facts(record),
            urls=self.urls.of_record(self.listing.key_of(record), back),
            record_actions=self.record_actions(record),
            neighbours=find_neighbours(self.listing, record, back, self.urls),
            may_change=self.may_change(record),
            **together(feature.on_record(record) for feature in self.features),
        )

    def page(self, template: str, **context: Any) -> str:
        """Render a page of this screen."""
        context.setdefault("urls", self.urls.from_list(return_address(self.urls.index)))
        return self.render(  # type: ignore[no-any-return]
            template,
            singular=self.singular,
            new_label=adding(self),
            can_create=self.allows("create_view"),
            can_export=self.allows("export"),
            can_edit=self.allows("edit_view") and context.get("may_change", True),
            can_delete=self.allows("delete_view") and context.get("may_change", True),
            **context,
        )

    def confirm(self, asked: Confirmation, cancel_url: str | None = None, action_url: str = "") -> str:
        """Ask before a change at `action_url`, or here; Cancel leads to `cancel_url`, or to the list."""
        return self.page(
            "admin/model/confirm.html",
            confirmation=asked,
            action_url=action_url or asked_address(),  # with its query, for those who have to log in first
            cancel_url=cancel_url or return_address(self.urls.index),
        )

    def attempt(self, change: Callable[[], str]) -> ResponseReturnValue:
        """Make a change that returns its message; a refusal is shown and nothing is changed."""
        try:
            return self.done(change())
        except Refusal as refusal:
            db.session.rollback()
            return self.go_back(str(refusal), "error")

    def done(self, message: str, address: str = "") -> ResponseReturnValue:
        """Commit, show the message with Undo, and go to an address, or back to the list."""
        offer_undo(message)
        db.session.commit()
        return self.go_back(message, "success", address)

    def go_back(self, message: str, category: str, address: str = "") -> ResponseReturnValue:
        """Show a message, and go to an address, or back to the list that the user came from."""
        flash(message, category)
        return redirect_to(address or return_address(self.urls.index))
