"""The line on the list of a large table whose search reads every row, because it has no index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from dashboard.admin.kit.feature import Feature
from dashboard.extensions import db
from dashboard.listing.page import ListPage
from dashboard.listing.spread import evenly
from dashboard.listing.state import Listing
from dashboard.permissions import Access
from dashboard.search.kind_search import KindSearch
from dashboard.search.kind_state import MANY_ROWS


class Unindexed(Feature[Any]):
    """The list says how to add a search index: to those who search it, and always to those who may purge."""

    def on_list(self, page: ListPage) -> Mapping[str, Any]:
        """The kind that the command takes, where its table is large and has no index."""
        search, record = self.screen.listing.search, self.screen.record
        if not isinstance(search, KindSearch) or not (page.query or record.allows(Access.PURGE)):
            return {}
        if search.ready() or rows_of(page, self.screen.listing) <= MANY_ROWS:
            return {}
        return {"unindexed": record.kind}


def rows_of(page: ListPage, listing: Listing) -> int:
    """About how many rows the table of a list has; asked for only where the list does not know it."""
    if not page.is_filtered:
        return page.total
    if page.known.population:
        return page.known.population
    population = evenly(listing, listing.tuning.sample_glance, db.engine.dialect.name).population
    return db.session.scalar(select(population)) or 0
