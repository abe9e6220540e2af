"""Saved views: tabs above a list, and the pages on which a view is named, shared and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import abort, flash, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from dashboard.admin.features.edit import refuse
from dashboard.admin.features.view_form import AUDIENCES, ViewForm, opened_values
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.page_size import remembered_size
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import LOOK_AGAIN
from dashboard.admin.kit.urls import return_address
from dashboard.extensions import db
from dashboard.listing.models import SavedView
from dashboard.listing.page import ListPage
from dashboard.listing.ranking import BEST_FIRST
from dashboard.listing.state import EVERYTHING, ListState, read_query, with_query
from dashboard.listing.views import (
    ViewEntry,
    change_view,
    delete_view,
    find_view,
    keep_query,
    lasting_query,
    may_change_view,
    open_with,
    save_view,
    shows,
    views_of,
)
from dashboard.permissions import VIEWS_SHARE, Access, Role, grants, may
from dashboard.refusal import Refusal
from dashboard.web.addresses import carried
from dashboard.web.returning import redirect_to
from dashboard.words import plural


@dataclass(frozen=True)
class ViewTab:
    """The tab of a view above the list; ``opens`` says that it is the default view of the user."""

    label: str
    url: str
    is_current: bool
    opens: bool = False


@dataclass(frozen=True)
class ViewBar:
    """The tabs of the saved views above a list, and the addresses of what can be done with them."""

    tabs: Sequence[ViewTab]
    save_url: str
    settings_url: str | None
    update_url: str | None
    version: int | None
    is_gone: bool


def changed_words(view: SavedView) -> str:
    """The message about a view that has changed since a page showed it."""
    return f"View “{view}” has changed since you opened this page."


class SavedViews(Feature[Screen]):
    """The list can be saved as views, by everyone who may see it."""

    keeps_records = ("new_saved_view", "edit_saved_view", "update_saved_view", "delete_saved_view")

    def instead_of_list(self) -> ResponseReturnValue | None:
        """The default view of the user, where the address asks for nothing."""
        default = None if request.args else next((v for v in self.entries() if v.is_default), None)
        return redirect_to(self.view_url(default.id, default.query)) if default else None

    def on_list(self, page: ListPage) -> Mapping[str, Any]:
        """The views above the list."""
        return {"views": self.view_bar(page)}

    def entries(self) -> list[ViewEntry]:
        """The views of this list that the current user sees; read once per request."""
        if "saved_views" not in g:
            g.saved_views = views_of(current_user, self.screen.endpoint)
        views: list[ViewEntry] = g.saved_views
        return views

    def view_bar(self, page: ListPage) -> ViewBar:
        """The tabs, and the addresses for changing the current view."""
        entries, state = self.entries(), page.state
        now = next((entry for entry in entries if str(entry.id) == state.view), None)
        has_default = any(entry.is_default for entry in entries)
        everything = with_query(self.screen.urls.index, (("view", EVERYTHING),) if has_default else ())
        tabs = [ViewTab("All", everything, state.view in ("", EVERYTHING))]
        tabs += [
            ViewTab(each.name, self.view_url(each.id, each.query), each is now, each.is_default)
            for each in entries
        ]
        is_own_and_changed = now and now.owner_id == current_user.id and not shows(now.query, state)
        return ViewBar(
            tabs=tabs,
            save_url=self.view_page("new", page.url),
            settings_url=self.view_page("edit", page.url, now.id) if now else None,
            update_url=self.view_page("update", page.url, now.id) if now and is_own_and_changed else None,
            version=now.version if now else None,
            is_gone=now is None and state.view.isdigit(),
        )

    @route("/views/new/", Access.READ, methods=("GET", "POST"))
    def new_saved_view(self) -> ResponseReturnValue:
        """Save the list that the request came from as a view."""
        state, form = self.listed(), self.view_form()
        if form.validate_on_submit():
            try:
                query = lasting_query(state)
                view = save_view(
                    current_user, self.screen.endpoint, form.name.data or "", query, form.chosen_audience
                )
                return self.saved(view, form)
            except Refusal as refusal:
                refuse(form, refusal)
        return self.view_form_page(form, state, title="Save as new view", save_label="Save view")

    @route("/views/edit/", Access.READ, methods=("GET", "POST"))
    def edit_saved_view(self) -> ResponseReturnValue:
        """Name and share a view; the view of another user can only be made one's default."""
        view = self.view_or_404()
        form = self.view_form(view)
        if form.validate_on_submit():
            if not form.is_as_opened(view, is_default=self.is_default(view)):
                return self.view_settings(view, form), 409
            try:
                if "name" in form:
                    audience = form.chosen_audience if "audience" in form else view.audience
                    change_view(view, form.name.data, audience)
                return self.saved(view, form)
            except Refusal as refusal:
                refuse(form, refusal)
        return self.view_settings(view, form)

    def view_settings(self, view: SavedView, form: ViewForm) -> str:
        """The page on which a view is named and shared."""
        delete_url = self.view_page("delete", self.screen.urls.index, view.id)
        return self.view_form_page(
            form,
            self.state_of(view.query),
            title=f"View “{view}”",
            save_label="Save view",
            delete_url=delete_url if may_change_view(current_user, view) else None,
        )

    @route("/views/update/", Access.READ, methods=("POST",))
    def update_saved_view(self) -> ResponseReturnValue:
        """Store the present list in a view, unless the view was changed since the list was loaded."""
        view = self.changeable_view()
        seen = read_id(request.form.get("version", ""))
        if seen is None:
            abort(400, "The list is incomplete. Reload it.")
        if seen != view.version:
            return self.screen.go_back(f"{changed_words(view)} {LOOK_AGAIN}", "error")
        try:
            keep_query(view, lasting_query(self.listed()))
        except Refusal as refusal:
            return self.screen.go_back(str(refusal), "error")
        return self.screen.done(f"View “{view}” saved.")

    @route("/views/delete/", Access.READ, methods=("GET", "POST"))
    def delete_saved_view(self) -> ResponseReturnValue:
        """Ask on GET, delete on POST."""
        view = self.changeable_view()
        if request.method == "POST":
            if read_id(request.form.get("version", "")) != view.version:
                return self.screen.go_back(f"{changed_words(view)} {LOOK_AGAIN}", "error")
            delete_view(view)
            db.session.commit()
            flash(f"View “{view}” deleted.", "success")
            return redirect_to(self.screen.urls.index)
        others = "Others will lose it too. " if view.audience else ""
        records = plural(self.screen.singular)
        return self.screen.confirm(
            Confirmation(
                title=f"Delete view “{view}”?",
                consequence=f"{others}Your {records} aren't affected. This cannot be undone.",
                verb="Delete view",
                tone="bad",
                fields=[("id", str(view.id)), ("version", str(view.version))],
            )
        )

    def saved(self, view: SavedView, form: ViewForm) -> ResponseReturnValue:
        """Commit and show the view; it becomes the default view of the user if that was ticked."""
        open_with(current_user, view, form.is_default.data)
        db.session.commit()
        flash(f"View “{view}” saved.", "success")
        return redirect_to(self.view_url(view.id, view.query))

    def view_form(self, view: SavedView | None = None) -> ViewForm:
        """The form of a view or of a new one, with the fields that the current user may fill in."""
        if view is None:
            form = ViewForm()
        else:
            stored = opened_values(view, is_default=self.is_default(view))
            form = ViewForm(data=stored)
            if not (form.is_submitted() or form.is_restored):
                form.remember_opened(stored)
            if not may_change_view(current_user, view):
                del form.name
        if "name" in form and may(VIEWS_SHARE):
            is_own = view is None or view.owner_id == current_user.id
            form.audience.choices = [
                SelectChoice("", "Only me" if is_own else "Only its owner"),
                *(SelectChoice(role.value, AUDIENCES[role]) for role in self.readers()),
            ]
        else:
            del form.audience
        return form

    def is_default(self, view: SavedView) -> bool:
        """Whether a view is the default view of the current user."""
        return any(entry.is_default for entry in self.entries() if entry.id == view.id)

    def readers(self) -> list[Role]:
        """The roles that may see this list."""
        least = grants().least_role(self.screen.permission(Access.READ))
        return [role for role in Role if role.rank >= least.rank]

    def view_form_page(self, form: ViewForm, state: ListState, **context: Any) -> str:
        """The page with the form of a view, and a summary of its list."""
        back = return_address(self.screen.urls.index)
        return self.screen.page(
            "admin/model/view.html", form=form, facts=self.in_words(state), cancel_url=back, **context
        )

    def in_words(self, state: ListState) -> list[Fact]:
        """The search, filters, order, columns and page size of a list, in words."""
        columns = self.screen.listing.chosen(state.columns)
        order = self.screen.listing.order_words(state.column, descending=state.descending)
        labels = {facet.name: facet.label for facet in self.screen.listing.facets}
        return [
            *([Fact("Search", state.query)] if state.query else []),
            *(Fact(labels[name], words) for name, words in state.filter_words()),
            Fact("Order", BEST_FIRST if state.is_open else order),
            Fact("Columns", ", ".join(column.label for column in columns)),
            Fact("Rows per page", str(state.size)),
        ]

    def listed(self) -> ListState:
        """The list that the request came from."""
        return self.state_of(urlsplit(return_address(self.screen.urls.index)).query)

    def state_of(self, query: str) -> ListState:
        """The list that the query of an address asks for."""
        return read_query(self.screen.listing, query, remembered_size())

    def view_or_404(self) -> SavedView:
        """The view that the request names; answers 404 where the current user does not see it."""
        key = read_id(request.values.get("id", ""))
        locks = request.method == WRITES
        view = None if key is None else find_view(current_user, self.screen.endpoint, key, lock=locks)
        if view is None:
            abort(404)
        return view

    def changeable_view(self) -> SavedView:
        """The same; answers 403 where the current user may not change it."""
        view = self.view_or_404()
        if not may_change_view(current_user, view):
            abort(403)
        return view

    def view_url(self, key: int, query: str) -> str:
        """The address of a view with the list that `query` asks for."""
        return with_query(self.screen.urls.index, (("view", str(key)), *parse_qsl(query)))

    def view_page(self, name: str, back: str, key: int | None = None) -> str:
        """The address of a page about views, or about the view `key`, that leads back to `back`."""
        named = (("id", str(key)),) if key is not None else ()
        target = carried(back)
        following = (("next", target),) if target else ()
        return with_query(f"{self.screen.urls.index}views/{name}/", (*named, *following))
