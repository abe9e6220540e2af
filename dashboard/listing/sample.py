"""Estimate from an even sample how many rows of a list meet each of its conditions, and all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, case, func, literal, select

from dashboard.database.transactions import AnySession
from dashboard.listing.conditions import Conditions, conditions, joined, named_conditions, restricts_sort
from dashboard.listing.key_scan import index_columns
from dashboard.listing.partitions import ahead, order_from_here
from dashboard.listing.state import Listing, ListState
from dashboard.listing.tuning import USUAL


@dataclass(frozen=True)
class Sample:
    """About how many rows there are. ``span`` is how many keys lie between the lowest and the highest.

    ``rows`` meet all conditions, ``others`` all but those of the filters with tallies; ``each`` holds, by the
    name of a filter, how many meet it. ``rows_skipped`` come before the first that meets all, in the order
    of the list and from where the page begins.
    """

    span: int
    rows: int
    others: int
    each: Mapping[str, int]
    rows_skipped: int = 0
    size: int = USUAL.sample_size

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
    rows, size = _read(session, listing, state, checked), listing.tuning.sample_size
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
    return Sample(span, about(*found.values()), about(*others), each, skipped, size)


def _read(session: AnySession, listing: Listing, state: ListState, checked: Conditions) -> Sequence[Any]:
    """Rows in the order of the list: how many keys there are, and whether each condition is met."""
    low, high = ends(listing)
    meets = [case((condition, 1), else_=0) for condition in checked]
    read = _spread(listing, listing.tuning.sample_size, high - low + 1, *meets).where(*listing.scope())
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


def sampled(listing: Listing, state: ListState, number: int, *columns: Any) -> Select[Any]:
    """Read `columns` of those among `number` rows, spread evenly over the keys, that match `state`."""
    return _spread(listing, number, *columns).where(*conditions(listing, state))


def _spread(listing: Listing, number: int, *columns: Any) -> Select[Any]:
    step, key = evenly(listing, number)
    statement = select(*columns).select_from(step).join(listing.key.class_, listing.key == key)
    return joined(listing, statement)


@lru_cache
def evenly(listing: Listing, number: int) -> tuple[CTE, ColumnElement[int]]:
    """`number` steps from the lowest key to the highest, and the key at each; cached for all who ask."""
    low, high = ends(listing)
    step = select(literal(0, BigInteger).label("n")).cte("step", recursive=True)
    step = step.union_all(select(step.c.n + 1).where(step.c.n < number - 1))
    return step, low + step.c.n * (high - low) // (number - 1)


def ends(listing: Listing) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The lowest and the highest key, each looked up at its end of the index."""
    return select(func.min(listing.key)).scalar_subquery(), select(func.max(listing.key)).scalar_subquery()
