"""How many rows a list has: exactly where that is cheap, and about as many where it is not.

A list of a million rows must not be held up by counting them. What only filters with kept counts narrow is
summed from those; anything else is counted up to a limit, and estimated from a sample beyond it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    case,
    func,
    literal,
    null,
    or_,
    select,
    true,
)

from dashboard.database import AnySession
from dashboard.listing.conditions import Conditions, conditions, joined
from dashboard.listing.state import Listing, ListState, Tally

FEW = 5_000
"""Up to so many rows are counted one by one, and may be sorted to show a page of them."""
SAMPLE = 500
"""Rows looked at for an estimate: a share of a half comes out within 4.5 percent points, 19 times in 20."""
GLANCE = 100
"""Rows looked at before the index is asked for a word. PostgreSQL's finds all rows before it gives one, and
SQLite's takes ten times as long to give one more than a few."""
PLENTY = 4
"""So many times as many rows as are few are surely not few, though guessed from a glance."""

Keys = Sequence[int] | None
Facets = Mapping[str, Mapping[Any, int]]
Groups = Mapping[tuple[Any, ...], int]
"""Numbers of rows by what they hold in each tallied filter, in the order of `Tally.values`."""


@dataclass(frozen=True)
class Count:
    """How many rows a list has, and how they are best found.

    ``population`` is about how many rows there are without search and filters, where that is known;
    ``keys`` are those that the search found in its index, None where nothing is searched for or too many fit;
    ``named`` is the key of the row whose code is searched for; ``facets`` holds, by filter and by what an
    option stands for, what the list would show with that option.
    """

    rows: int
    exact: bool = True
    population: int = 0
    keys: Keys = None
    named: int | None = None
    facets: Facets = field(default_factory=dict)

    @property
    def few(self) -> bool:
        """Whether there are so few rows that sorting all of them is nothing."""
        return self.exact and self.rows <= FEW


@dataclass(frozen=True)
class Search:
    """What the index of a search knows: the keys of the rows, unless too many, and the one it names."""

    keys: Keys = None
    is_common: bool = False
    named: int | None = None


def count_rows(session: AnySession, listing: Listing, state: ListState) -> Count:
    """Count the rows of `state` in at most three queries, each over a few thousand rows at the most."""
    tallied = tuple(listing.tally.values) if listing.tally else ()
    others = {name for name, s in state.selections.items() if s.where is not None} - {*tallied}
    if listing.tally and not others and not state.query:
        return _from_groups(state, tallied, _kept(session, listing.tally))
    search = _look_up(session, listing, state)
    if search.is_common:
        return replace(_about(session, listing, state), named=search.named)
    groups = {} if search.keys == [] else _grouped(session, listing, state, tallied, search.keys)
    if sum(groups.values()) <= FEW:
        return replace(_from_groups(state, tallied, groups), keys=search.keys, named=search.named)
    return _about(session, listing, state)


def plan_rows(session: AnySession, listing: Listing, state: ListState) -> Count:
    """Count the rows only where that decides how they are found: where something narrows the list."""
    if state.is_filtered:
        return count_rows(session, listing, state)
    return Count(FEW + 1, exact=False)


def _kept(session: AnySession, tally: Tally) -> Groups:
    # Past the ORM, which adds nothing to plain values and takes as long again.
    return {tuple(row[:-1]): int(row[-1]) for row in session.connection().execute(tally.statement)}


def _look_up(session: AnySession, listing: Listing, state: ListState) -> Search:
    words = listing.search.words(state.query)
    dialect = session.get_bind().dialect.name
    keys = listing.search.keys(words, dialect) if words else None
    if keys is None:
        return Search()
    # Read twice and so made once: too many keys need not be handed over to be counted.
    glance = select(_is_plenty(listing, words).label("is_plenty")).cte("glance")
    # Not as a condition, which SQLite would ask of each row that its index finds.
    most = select(case((glance.c.is_plenty, 0), else_=FEW + 1)).scalar_subquery()
    first = keys.limit(most).cte("first")
    number = select(func.count().label("number")).select_from(first).subquery()
    is_named = listing.search.exactly(state.query)
    named = null() if is_named is None else select(func.min(listing.key)).where(is_named).scalar_subquery()
    statement = select(or_(glance.c.is_plenty, number.c.number > FEW), named, first.c[0]).select_from(
        glance.join(number, true()).outerjoin(first, number.c.number <= FEW)
    )
    rows = session.execute(statement).all()
    is_common = rows[0][0]
    return Search(None if is_common else [key for *_, key in rows if key is not None], is_common, rows[0][1])


def _is_plenty(listing: Listing, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether far more than a few rows have the words, to judge by a glance."""
    low, high = _ends(listing)
    step, key = _evenly(listing, GLANCE)
    hits = (
        select(func.count())
        .select_from(step.join(listing.key.class_, listing.key == key))
        .where(listing.search.containing(words))
    )
    return hits.scalar_subquery() * (high - low + 1) > PLENTY * FEW * GLANCE


def _grouped(
    session: AnySession, listing: Listing, state: ListState, tallied: Sequence[str], keys: Keys
) -> Groups:
    """Count up to one more than a few rows by the filters in `tallied`, which do not narrow it."""
    columns = [facet.column for name in tallied for facet in listing.facets if facet.name == name]  # type: ignore[attr-defined]
    limited = _limited(listing, conditions(listing, state, keys, without=tallied), *columns)
    groups = limited.c[:-1]
    statement = select(*groups, func.count()).select_from(limited).group_by(*groups)
    return {tuple(row[:-1]): row[-1] for row in session.execute(statement)}


def _about(session: AnySession, listing: Listing, state: ListState) -> Count:
    """Count the rows after all where an estimate finds few; else the estimate has to do."""
    about, span = estimate(session, listing, state)
    if about > FEW:
        return Count(about, exact=False, population=span)
    limited = _limited(listing, conditions(listing, state))
    number = session.scalar(select(func.count()).select_from(limited)) or 0
    return Count(number, exact=number <= FEW, population=span)


def _limited(listing: Listing, conditions: Conditions, *columns: Any) -> Subquery:
    statement = select(*columns, literal(1).label("one")).select_from(listing.key.class_)
    return statement.where(*conditions).limit(FEW + 1).subquery()


def _from_groups(state: ListState, tallied: Sequence[str], groups: Groups) -> Count:
    """Add up the groups that the chosen options let through, and those that each other option would."""
    wanted = [{*state.selections[name].meanings} for name in tallied]
    rows, facets = 0, {name: Counter[Any]() for name in tallied}
    narrowed = [i for i, meanings in enumerate(wanted) if meanings]
    for values, number in groups.items():
        misses = [i for i in narrowed if values[i] not in wanted[i]]
        if not misses:
            rows += number
        for i, name in enumerate(tallied):
            if misses in ([], [i]):  # nothing but this filter itself keeps the group out
                facets[name][values[i]] += number
    return Count(rows, population=sum(groups.values()), facets=facets)


def estimate(session: AnySession, listing: Listing, state: ListState) -> tuple[int, int]:
    """About how many rows `state` has, to two digits, and how many keys there are, from an even sample."""
    low, high = _ends(listing)
    hits = sampled(listing, state, func.count(), (high - low + 1).label("span"))
    found, span = session.execute(hits).one()
    about = int(found * (span or 0) / SAMPLE)
    return round(about, 2 - len(str(about))), span or 0


def sampled(listing: Listing, state: ListState, *columns: Any, of: int = SAMPLE) -> Select[Any]:
    """Read `columns` of those among so many rows, spread evenly over the keys, that `state` lets through."""
    step, key = _evenly(listing, of)
    judged = conditions(listing, state)
    statement = select(*columns).select_from(step).join(listing.key.class_, listing.key == key)
    return joined(listing, statement).where(*judged)


@lru_cache
def _evenly(listing: Listing, number: int) -> tuple[CTE, ColumnElement[int]]:
    """`number` steps from the lowest key to the highest, and the key at each; kept for all who ask."""
    low, high = _ends(listing)
    step = select(literal(0, BigInteger).label("n")).cte("step", recursive=True)
    step = step.union_all(select(step.c.n + 1).where(step.c.n < number - 1))
    return step, low + step.c.n * (high - low) // (number - 1)


def _ends(listing: Listing) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The lowest and the highest key, each looked up at its end of the index."""
    return select(func.min(listing.key)).scalar_subquery(), select(func.max(listing.key)).scalar_subquery()
