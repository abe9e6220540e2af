"""Estimate from an even sample how many rows of a list meet each of its conditions, and all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from sqlalchemy import ColumnElement, Select, case, null

from dashboard.database.transactions import AnySession
from dashboard.listing.conditions import Conditions, conditions, joined, named_conditions, restricts_sort
from dashboard.listing.key_scan import index_columns
from dashboard.listing.partitions import ahead, order_from_here
from dashboard.listing.spread import Spread, evenly
from dashboard.listing.state import Listing, ListState
from dashboard.listing.tuning import USUAL


@dataclass(frozen=True)
class Sample:
    """About how many rows there are. ``span`` is how many keys lie between the lowest and the highest.

    ``rows`` meet all conditions, ``others`` all but those of the filters with tallies; ``each`` holds, by the
    name of a filter, how many meet it. ``rows_skipped`` come before the first that meets all, in the order
    of the list and from where the page begins. ``options`` holds how many rows have each value of the filter
    that is counted above the list, and meet all other conditions.
    """

    span: int
    rows: int
    others: int
    each: Mapping[str, int]
    rows_skipped: int = 0
    size: int = USUAL.sample_size
    options: Mapping[Any, int] = field(default_factory=dict)

    @property
    def is_clustered_far(self) -> bool:
        """Whether matching rows lie together far from here, as names that begin with what is searched.

        If they were spread evenly, one list in twenty would have three times as many rows before the first.
        """
        return self.rows_skipped * self.rows > 3 * self.span * self.span / self.size


def take_sample(session: AnySession, listing: Listing, state: ListState, tallied: Collection[str]) -> Sample:
    """Read some rows, spread evenly over the keys; `tallied` are the filters with tallies."""
    named = named_conditions(listing, state)
    checked = [ahead(listing, state), *named.values()]
    spread = evenly(listing, listing.tuning.sample_size, session.get_bind().dialect.name)
    rows = _read(session, listing, state, spread, checked)
    values, rows = [row[0] for row in rows], [row[1:] for row in rows]
    size = max(1, len(rows)) if spread.is_of_rows else listing.tuning.sample_size
    span: int = rows[0][0] if rows else 0
    every = {*range(len(rows))}
    is_ahead, *met = [*zip(*rows, strict=True)][1:] or [()] * len(checked)
    found = {name: {*compress(every, is_met)} for name, is_met in zip(named, met, strict=True)}

    def about(*hits: set[int]) -> int:
        return len(every.intersection(*hits)) * span // size

    each = {name: about(hits) for name, hits in found.items()}
    others = [hits for name, hits in found.items() if name not in tallied]
    scanned = {*compress(every, is_ahead)}.intersection(*_restricting(listing, state, named, found))
    first = min(scanned.intersection(*found.values()), default=len(rows))
    skipped = about({place for place in scanned if place < first})
    besides = [hits for name, hits in found.items() if name != listing.counted_above]
    having = {value: {place for place in every if values[place] == value} for value in {*values}}
    options = {value: about(its, *besides) for value, its in having.items()}
    return Sample(span, about(*found.values()), about(*others), each, skipped, size, options)


def _read(
    session: AnySession, listing: Listing, state: ListState, spread: Spread, checked: Conditions
) -> Sequence[Any]:
    """Rows in the order of the list: their value in the filter counted above it, how many there are at all,
    and whether each condition is met.
    """
    meets = [case((condition, 1), else_=0) for condition in checked]
    value = next((f.counted_by for f in listing.facets if f.name == listing.counted_above), null())
    columns = (value, spread.population, *meets)
    read = joined(listing, spread.read(listing.key.class_, *columns)).where(*listing.scope())
    return session.connection().execute(read.order_by(*order_from_here(listing, state))).all()


def _restricting(
    listing: Listing,
    state: ListState,
    named: Mapping[str, ColumnElement[bool]],
    found: Mapping[str, set[int]],
) -> list[set[int]]:
    """Return the conditions on where a scan begins and ends; the rows beyond are not read."""
    columns = index_columns(listing, listing.sort_key(state.column), [*named.values()])
    return [found[name] for name, condition in named.items() if restricts_sort(condition, *columns)]


def sampled(listing: Listing, state: ListState, spread: Spread, *columns: Any) -> Select[Any]:
    """Read `columns` of those rows of `spread` that match `state`."""
    return joined(listing, spread.read(listing.key.class_, *columns)).where(*conditions(listing, state))
