"""The history screen: every change set, and each of them with its changes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, make_response, request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from sqlalchemy import ColumnElement, or_, select
from werkzeug.datastructures import MultiDict

from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.gate import Gate, route
from dashboard.admin.kit.page_size import remember_size, remembered_size
from dashboard.admin.kit.parsing import read_number
from dashboard.admin.kit.undo import FINAL
from dashboard.admin.kit.urls import ScreenUrls, return_address
from dashboard.admin.ledger.change_display import Line, read_lines
from dashboard.admin.ledger.change_summary import Glance, glance_at
from dashboard.admin.ledger.history_list import LISTING
from dashboard.admin.ledger.paging import read_page, steps, way_back
from dashboard.admin.ledger.reverting import Offers, revert_offer, revert_offers
from dashboard.admin.ledger.visibility import visible_changes, visible_sets
from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet
from dashboard.history.reading import Rows
from dashboard.listing.fetching import fetch_page
from dashboard.listing.state import read_state
from dashboard.permissions import HOME_READ


class HistoryView(Gate, BaseView):  # type: ignore[misc]
    """Who changed what and when; everybody sees as much as they may see of the records themselves."""

    @route("/", HOME_READ)
    def index_view(self) -> ResponseReturnValue:
        """The list of change sets, the newest first."""
        asked = MultiDict(
            [pair for pair in request.args.items(multi=True) if pair[0] != "q"]
        )  # no search here
        state = read_state(LISTING, asked, remembered_size())
        page = fetch_page(db.session, LISTING, state, self.urls.index)
        found = glance_at([row.id for row in page.rows])
        facets = page.facets  # asked for once: they read their options from the database
        response = make_response(
            self.render(
                "admin/history/list.html",
                title=self.name,
                listing=page,
                sets=[found[row.id] for row in page.rows if row.id in found],
                facets=facets,
                urls=self.urls.from_list(page.url),
            )
        )
        if state.size != state.default_size:
            remember_size(response, state.size)
        return response

    @route("/details/", HOME_READ)
    def details_view(self) -> ResponseReturnValue:
        """One change set with its changes, as far as the current user may see them."""
        glance = self.glance_or_404()
        stretch = read_page(changes_of(glance.id), newest_first=False)
        lines = read_lines([row[0] for row in stretch.rows])
        urls = self.urls.from_list(return_address(self.urls.index))
        return self.render(  # type: ignore[no-any-return]
            "admin/history/set.html",
            title=glance.what,
            glance=glance,
            lines=[(line, self.offers(line, glance)) for line in lines],
            related=related_to(glance.change_set),
            steps=steps(request.path, (("id", str(glance.id)), *way_back()), stretch),
            actions=self.set_actions(glance, lines),
            urls=urls,
        )

    def glance_or_404(self) -> Glance:
        """The change set that the request names, if the current user may see anything of it."""
        key = read_number(request.values.get("id", ""))
        found = {} if key is None else glance_at([key])
        if key not in found:
            abort(404)
        return found[key]

    @property
    def urls(self) -> ScreenUrls:
        """The addresses of this screen."""
        return ScreenUrls(self.endpoint)

    def set_actions(self, glance: Glance, lines: Sequence[Line]) -> Sequence[RecordAction]:
        """What can be done about a change set."""
        if glance.change_set.kind in FINAL:
            return ()
        return revert_offer(*(line.change for line in lines))

    def offers(self, line: Line, glance: Glance) -> Offers:
        """What can be done about one change of a set; to revert the only one is to revert the set."""
        found = revert_offers(line.change)
        return found if glance.changes > 1 else Offers(fields=found.fields)


def changes_of(key: int) -> Rows:
    """Read the changes of a set that the current user may see."""
    return select(Change).where(Change.change_set_id == key, visible_changes())


def related_to(change_set: ChangeSet) -> dict[str, list[int]]:
    """The sets that one takes back and is taken back by, by the words for it, as far as they may be seen."""
    fits: ColumnElement[bool] = ChangeSet.reverts_id == change_set.id
    if change_set.reverts_id is not None:
        fits = or_(fits, ChangeSet.id == change_set.reverts_id)
    found = db.session.scalars(select(ChangeSet.id).where(fits, *visible_sets()).order_by(ChangeSet.id)).all()
    return {
        "Takes back": [key for key in found if key == change_set.reverts_id],
        "Taken back by": [key for key in found if key != change_set.reverts_id],
    }
