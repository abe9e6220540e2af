"""How many rows a list has: exactly where that is cheap, and about as many where it is not.

A list of a million rows must not be held up by counting them. What only filters with kept counts narrow is
summed from those; anything else is counted up to a limit, and estimated from a sample beyond it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)

from dashboard.database.transactions import AnySession
from dashboard.listing.conditions import Conditions, conditions, narrowing
from dashboard.listing.state import Listing, ListState, Tally
from dashboard.listing.survey import Survey, ends, evenly, survey

FEW = 5_000
"""Up to so many rows are counted one by one, and may be sorted to show a page of them."""
GLANCE = 100
"""Rows looked at before the index is asked for a word. PostgreSQL's finds all rows before it gives one, and
SQLite's takes ten times as long to give one more than a few."""
PLENTY = 4
"""So many times as many rows as are few are surely not few, though guessed from a glance."""
PATIENCE = 8
"""So many times as many rows are looked at for a page as hold it where what is asked for is spread evenly."""
FEWEST_LOOKS = 1_000
"""Rows that are looked at before finding out how far away others lie, which takes about as long."""

Facets = Mapping[str, Mapping[Any, int]]
Groups = Mapping[tuple[Any, ...], int]
"""Numbers of rows by what they hold in each tallied filter, in the order of `Tally.values`."""


@dataclass(frozen=True)
class Count:
    """How many rows a list has, and how they are best found.

    ``population`` is about how many rows there are without search and filters, where that is known; ``keys``
    are those of all rows, where they were found already; ``far`` names the filter or search that finds all
    rows, where the first of them lie so far from where the page begins that this is sooner, and
    ``is_surveyed`` says whether anybody looked how far that is; ``found_by`` names the filter that lets the
    fewest rows through, and so finds few best, and ``passing`` is how many those are, where walking through
    the list may be quicker; ``named`` is the key of the row whose code is searched for; ``facets`` holds, by
    filter and by what an option stands for, what the list would show with that option.
    """

    rows: int
    exact: bool = True
    population: int = 0
    keys: Sequence[int] | None = None
    far: str | None = None
    is_surveyed: bool = False
    found_by: str | None = None
    passing: int = 0
    named: int | None = None
    facets: Facets = field(default_factory=dict)

    @property
    def few(self) -> bool:
        """Whether there are so few rows that sorting all of them is nothing."""
        return self.exact and self.rows <= FEW

    def is_walked(self, wanted: int) -> bool:
        """Whether the first `wanted` rows are found sooner in the order of the list than by finding all."""
        is_whole = self.found_by is None and self.keys is None
        return is_whole or not self.few or wanted * self.population < self.rows * self.passing

    def looks(self, wanted: int) -> int | None:
        """How many rows to look at for the first `wanted` before finding out where they lie; None for all.

        Many more than hold them where they are spread evenly; where a filter finds fewer, not as many. A
        power of two, for the statements that say so are kept.
        """
        evenly = wanted * self.population // max(1, self.rows)
        enough = min(PATIENCE * evenly, max(2 * evenly, self.passing or self.population))
        looks = 1 << max(FEWEST_LOOKS, enough).bit_length()
        return None if self.is_surveyed or looks >= self.population else looks


@dataclass(frozen=True)
class Search:
    """What the index of a search knows: the keys of the rows, unless too many, and the one it names."""

    keys: Sequence[int] | None = None
    is_common: bool = False
    named: int | None = None


def count_rows(session: AnySession, listing: Listing, state: ListState) -> Count:
    """Count the rows of `state` in at most three queries, each over some thousand rows where that will do."""
    tallied = tuple(listing.tally.values) if listing.tally else ()
    others = narrowing(listing, state) - {*tallied}
    if listing.tally and not others:
        return _from_groups(state, tallied, _kept(session, listing.tally))
    search = _look_up(session, listing, state)
    if search.is_common or (search.keys is None and len(others) > 1):
        known = survey(session, listing, state, tallied)
        if search.is_common or known.others > PLENTY * FEW:
            return replace(_about(session, listing, state, known), named=search.named)
        found_by = known.narrowest(others)
    else:
        known, found_by = None, min(others, default=None)
    groups = {} if search.keys == [] else _grouped(session, listing, state, tallied, search.keys, found_by)
    if sum(groups.values()) <= FEW:
        counted = _from_groups(state, tallied, groups)
        return replace(counted, keys=search.keys, found_by=found_by, passing=0, named=search.named)
    return _about(session, listing, state, known or survey(session, listing, state, tallied))


def plan_rows(session: AnySession, listing: Listing, state: ListState) -> Count:
    """Count the rows only where that decides how they are found: where something narrows the list."""
    if state.is_filtered:
        return count_rows(session, listing, state)
    return Count(FEW + 1, exact=False)


def surveyed(session: AnySession, listing: Listing, state: ListState, count: Count) -> Count:
    """The same `count` where rows were looked for in vain from the place at which `state` begins."""
    known = survey(session, listing, state, ())
    return replace(count, far=_sooner(listing, state, known), is_surveyed=True)


def _kept(session: AnySession, tally: Tally) -> Groups:
    # Past the ORM, which adds nothing to plain values and takes as long again.
    rows = session.connection().execute(tally.statement).all()
    return {tuple(values): int(number) for *values, number in rows}


def _look_up(session: AnySession, listing: Listing, state: ListState) -> Search:
    words = listing.search.words(state.query)
    dialect = session.get_bind().dialect.name
    keys = listing.search.keys(words, dialect) if words else None
    if keys is None:
        return Search()
    # Read twice and so made once: too many keys need not be handed over to be counted.
    plenty = false() if listing.search.is_rare(words) else _is_plenty(listing, words)
    glance = select(plenty.label("is_plenty")).cte("glance")
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
    low, high = ends(listing)
    step, key = evenly(listing, GLANCE)
    hits = (
        select(func.count())
        .select_from(step.join(listing.key.class_, listing.key == key))
        .where(listing.search.containing(words))
    )
    return hits.scalar_subquery() * (high - low + 1) > PLENTY * FEW * GLANCE


def _grouped(
    session: AnySession,
    listing: Listing,
    state: ListState,
    tallied: Sequence[str],
    keys: Sequence[int] | None,
    found_by: str | None,
) -> Groups:
    """Count up to one more than a few rows by the filters in `tallied`, which do not narrow it."""
    columns = [facet.column for name in tallied for facet in listing.facets if facet.name == name]  # type: ignore[attr-defined]
    limited = _limited(listing, conditions(listing, state, keys, tallied, found_by), *columns)
    groups = limited.c[:-1]
    statement = select(*groups, func.count()).select_from(limited).group_by(*groups)
    return {tuple(row[:-1]): row[-1] for row in session.execute(statement)}


def _about(session: AnySession, listing: Listing, state: ListState, known: Survey) -> Count:
    """An estimate where there are many rows, or where few are found sooner on the way than all of them."""
    about = Count(
        round(known.rows, 2 - len(str(known.rows))), exact=False, population=known.span, is_surveyed=True
    )
    found_by = known.narrowest(known.each)
    passing = known.each[found_by] if found_by else known.span
    on_the_way = state.size * known.span / known.rows if known.rows else 0
    if known.rows > FEW or (passing > PLENTY * FEW and 0 < on_the_way < passing):
        return replace(about, far=_sooner(listing, state, known) if known.is_far else None)
    found = conditions(listing, state, found_by=found_by)
    keys = session.scalars(select(listing.key).where(*found).limit(FEW + 1)).all()
    if len(keys) > FEW:
        return replace(about, rows=FEW)
    return Count(len(keys), population=known.span, keys=keys)


def _sooner(listing: Listing, state: ListState, known: Survey) -> str | None:
    """The filter or search that finds all rows sooner than the first is walked to, where there is one."""
    is_search_found = listing.search.found(listing.search.words(state.query)) is not None
    found_by = known.narrowest(known.each, is_search_found)
    return found_by if found_by and known.each[found_by] <= known.passed else None


def _limited(listing: Listing, conditions: Conditions, *columns: Any) -> Subquery:
    statement = select(*columns, literal(1).label("one")).select_from(listing.key.class_)
    return statement.where(*conditions).limit(FEW + 1).subquery()


def _from_groups(state: ListState, tallied: Sequence[str], groups: Groups) -> Count:
    """Add up the groups that the chosen options let through, and those that each other option would."""
    wanted = [{*state.selections[name].meanings} for name in tallied]
    rows, facets = 0, {name: Counter[Any]() for name in tallied}
    passing = Counter[str]()
    narrowed = [i for i, meanings in enumerate(wanted) if meanings]
    for values, number in groups.items():
        misses = [i for i in narrowed if values[i] not in wanted[i]]
        if not misses:
            rows += number
        for i, name in enumerate(tallied):
            if misses in ([], [i]):  # nothing but this filter itself keeps the group out
                facets[name][values[i]] += number
            if i in narrowed and i not in misses:
                passing[name] += number
    found_by = min(passing, key=lambda name: passing[name], default=None)
    return Count(
        rows,
        population=sum(groups.values()),
        found_by=found_by,
        passing=passing[found_by] if found_by else 0,
        facets=facets,
    )
