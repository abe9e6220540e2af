"""The history screen: the list of change sets, and each of them with its changes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, make_response, request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from sqlalchemy import ColumnElement, or_, select

from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.gate import Gate, route
from dashboard.admin.kit.page_size import remember_size, remembered_size
from dashboard.admin.kit.parsing import read_number
from dashboard.admin.kit.undo import FINAL
from dashboard.admin.kit.urls import ScreenUrls, return_address
from dashboard.admin.ledger.change_display import Line, read_lines
from dashboard.admin.ledger.change_summary import ChangeSummary, summaries
from dashboard.admin.ledger.field_filter import FIELD
from dashboard.admin.ledger.history_list import LISTING
from dashboard.admin.ledger.history_rows import read_rows
from dashboard.admin.ledger.history_search import LIMITED, MOST_LOOKED_AT, is_limited, search
from dashboard.admin.ledger.paging import Changes, read_page, return_pairs, steps
from dashboard.admin.ledger.reverting import Offers, revert_offer, revert_offers
from dashboard.admin.ledger.visibility import visible_changes, visible_sets
from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet
from dashboard.listing.fetching import fetch_page
from dashboard.listing.state import read_state
from dashboard.number_form import number_words
from dashboard.permissions import HOME_READ

NO_FEATURES = {"bulk_actions": (), "can_create": False, "can_edit": False, "can_delete": False}
"""The variables of the list template for a list that only shows its rows."""


class HistoryView(Gate, BaseView):  # type: ignore[misc]
    """Who changed what and when; all users see the changes of the records that they may see."""

    @route("/", HOME_READ)
    def index_view(self) -> ResponseReturnValue:
        """The list of change sets, the newest first."""
        state = read_state(LISTING, request.args, remembered_size())
        listing = search(LISTING, state)
        page = fetch_page(db.session, listing, state, self.urls.index)
        response = make_response(
            self.render(
                "admin/history/list.html",
                title=self.name,
                listing=page,
                sets=read_rows([row.id for row in page.rows], state.filter_values[FIELD].values),
                searched=LIMITED.format(number_words(MOST_LOOKED_AT)) if is_limited(listing) else "",
                empty_title="No history yet",
                empty_text="Every change to a record appears here.",
                rows_title="changes",
                search_placeholder="Name, value, reason or user",
                **NO_FEATURES,
                urls=self.urls.from_list(page.url),
            )
        )
        if state.size != state.default_size:
            remember_size(response, state.size)
        return response

    @route("/details/", HOME_READ)
    def details_view(self) -> ResponseReturnValue:
        """One change set with its changes, as far as the current user may see them."""
        summary = self.summary_or_404()
        page = read_page(changes_of(summary.id), newest_first=False)
        lines = read_lines([row[0] for row in page.rows])
        urls = self.urls.from_list(return_address(self.urls.index))
        return self.render(  # type: ignore[no-any-return]
            "admin/history/set.html",
            title=summary.what,
            summary=summary,
            lines=[(line, self.offers(line, summary)) for line in lines],
            related=related_to(summary.change_set),
            steps=steps(request.path, (("id", str(summary.id)), *return_pairs()), page),
            actions=self.set_actions(summary, lines),
            urls=urls,
        )

    def summary_or_404(self) -> ChangeSummary:
        """The change set that the request names, if the current user may see anything of it."""
        key = read_number(request.values.get("id", ""))
        found = {} if key is None else summaries([key])
        if key not in found:
            abort(404)
        return found[key]

    @property
    def urls(self) -> ScreenUrls:
        """The addresses of this screen."""
        return ScreenUrls(self.endpoint)

    def set_actions(self, summary: ChangeSummary, lines: Sequence[Line]) -> Sequence[RecordAction]:
        """The actions on a change set."""
        if summary.change_set.kind in FINAL:
            return ()
        return revert_offer(*(line.change for line in lines))

    def offers(self, line: Line, summary: ChangeSummary) -> Offers:
        """The actions on one change of a set; the only change is reverted with the set."""
        found = revert_offers(line)
        return found if summary.changes > 1 else Offers(fields=found.fields)


def changes_of(key: int) -> Changes:
    """The changes of a set that the current user may see."""
    return select(Change).where(Change.change_set_id == key, visible_changes())


def related_to(change_set: ChangeSet) -> dict[str, list[int]]:
    """The visible sets that a change set reverts and is reverted by, by their labels."""
    either: ColumnElement[bool] = ChangeSet.reverts_id == change_set.id
    if change_set.reverts_id is not None:
        either = or_(either, ChangeSet.id == change_set.reverts_id)
    found = db.session.scalars(
        select(ChangeSet.id).where(either, *visible_sets()).order_by(ChangeSet.id)
    ).all()
    return {
        "Reverts": [key for key in found if key == change_set.reverts_id],
        "Reverted by": [key for key in found if key != change_set.reverts_id],
    }
