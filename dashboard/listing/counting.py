"""Count a list before its rows are read: exactly where that is cheap, else an estimate.

A list of a million rows must not wait until they are counted. If only filters with tallies narrow it, those
are added up; anything else is counted up to a limit, and estimated from a sample beyond it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, null, or_, select, true

from dashboard import clock
from dashboard.database.read_each import read_each
from dashboard.database.transactions import AnySession
from dashboard.listing.codes import read_codes
from dashboard.listing.conditions import SEARCH, conditions, narrowing
from dashboard.listing.planning import (
    Count,
    Statistics,
    is_common,
    keys_are_read,
    most_selective,
)
from dashboard.listing.sample import Sample, take_sample
from dashboard.listing.spread import evenly
from dashboard.listing.state import Listing, ListState
from dashboard.listing.tally import Groups, Sums, Tally

LARGE: WeakKeyDictionary[Listing, int] = WeakKeyDictionary()
"""The minute in which the table of a list was seen to be large."""


def read_statistics(session: AnySession, listing: Listing, state: ListState) -> Statistics:
    """Learn of the rows of `state` in at most four queries, each over some thousand rows if possible."""
    return _Reader(session, listing, state).statistics()


def planning_statistics(session: AnySession, listing: Listing, state: ListState) -> Statistics:
    """Learn of the rows only if that decides how they are found: if something narrows the list."""
    if state.is_filtered:
        return read_statistics(session, listing, state)
    return Statistics(Count(0, exact=False))


@dataclass(frozen=True)
class Lookup:
    """The answer of a search index: the keys of the rows, unless too many, and of the exact match."""

    keys: Sequence[int] | None = None
    is_common: bool = False
    exact_match: int | None = None


@dataclass(frozen=True)
class _Reader:
    """Reads what there is to know of one list."""

    session: AnySession
    listing: Listing
    state: ListState

    @cached_property
    def tallied(self) -> tuple[str, ...]:
        """The names of the filters with tallies."""
        return tuple(self.listing.tally.values) if self.listing.tally else ()

    def _grouping(self, keys: Sequence[int] | None) -> tuple[str, ...]:
        """The filters by which rows are counted that are read one by one, and which do not narrow them.

        Without tallies, those of rows whose few keys are known, else the one that is counted above the list:
        not where an option of it is chosen, for the rows with the others may be too many to be counted.
        """
        above = self.listing.counted_above
        if self.tallied or not above:
            return self.tallied
        if keys is not None:
            return tuple(dict.fromkeys((above, *self.listing.counted)))
        return self._above

    @property
    def _above(self) -> tuple[str, ...]:
        """The filter that is counted above the list, if it does not narrow it."""
        above = self.listing.counted_above
        return (above,) if above and not self.state.filter_values[above].pairs else ()

    def statistics(self) -> Statistics:
        """Find codes, else add up tallies, else count a small table, else up to a limit, else estimate."""
        if found := self._by_codes():
            return found
        if (self.listing.counted or self._apart) and not self._is_large():
            if found := self._by_options():
                return self._with_apart(found)
            LARGE[self.listing] = _minute()
        return self._by_conditions()

    def _by_codes(self) -> Statistics | None:
        """The rows whose codes are searched for; None if the search is for words."""
        codes = read_codes(self.session, self.listing, self.state.query)
        known = self._counted(Lookup(codes.keys), None) if codes else None
        return replace(known, codes=codes) if known else None

    def _is_large(self) -> bool:
        """Whether the table had too many rows to count by its filters a moment ago: it is not read again."""
        return LARGE.get(self.listing) == _minute()

    def _by_options(self) -> Statistics | None:
        """The rows of a small table, also with each other option of its filters; None of a larger one.

        As many rows are read as may be counted, whatever narrows the list: a search or a scope that few rows
        meet would otherwise read a large table to its end.
        """
        names, limit = self.listing.counted, self.listing.tuning.exact_count_limit
        asked = and_(true(), *conditions(self.listing, self.state, without=names))
        columns = [*self._columns(names), case((asked, 1), else_=0).label("is_met")]
        rows = select(*columns).select_from(self.listing.key.class_).limit(limit + 1).subquery()
        *groups, is_met = rows.c
        statement = select(*groups, func.sum(is_met), func.count()).group_by(*groups)
        found = self.session.execute(statement).all()
        if sum(row[-1] for row in found) > limit:
            return None
        met = {tuple(row[:-2]): int(row[-2]) for row in found if row[-2]}
        return replace(self._sums(names, met), population=0, matches={})

    @cached_property
    def _apart(self) -> Mapping[str, Any]:
        """The filters by whose options a row may be counted several times, each with what counts them."""
        return {facet.name: facet.count_among for facet in self.listing.facets if facet.count_among}

    def _with_apart(self, found: Statistics) -> Statistics:
        """The same with the rows that each option of those filters leaves, read by one statement."""
        counted = [count(self._keys_without(name)) for name, count in self._apart.items()]
        numbers = zip(self._apart, read_each(self.session, counted), strict=True)
        facets = {name: Counter({value: int(number) for value, number in rows}) for name, rows in numbers}
        return replace(found, count=replace(found.count, facets={**found.count.facets, **facets}))

    def _keys_without(self, name: str) -> Select[Any]:
        return select(self.listing.key).where(*conditions(self.listing, self.state, without=[name]))

    def _columns(self, names: Sequence[str]) -> list[Any]:
        facets = {facet.name: facet for facet in self.listing.facets}
        return [facets[name].counted_by for name in names]

    def _by_conditions(self) -> Statistics:
        others = narrowing(self.listing, self.state) - {*self.tallied}
        if self.listing.tally and not others:
            return self._sums(self.tallied, self._tally_groups(self.listing.tally))
        if not others and self._is_large() and not self.listing.scope():
            return self._estimate(self._sample())
        lookup, sample, by = self._look_up(), None, min(others, default=None)
        if lookup.is_common or (lookup.keys is None and len(others) > 1):
            sample = self._sample()
            if lookup.is_common or is_common(sample.others, self.listing.tuning):
                return replace(self._estimate(sample), exact_match=lookup.exact_match)
            by = most_selective(_filters(sample.each, others))
        return self._counted(lookup, by) or self._estimate(sample or self._sample())

    def _counted(self, lookup: Lookup, by: str | None) -> Statistics | None:
        """The rows counted one by one, found by the filter `by`; None if there are too many."""
        names = self._grouping(lookup.keys)
        groups = {} if lookup.keys == [] else self._groups(names, lookup.keys, by)
        if sum(groups.values()) > self.listing.tuning.exact_count_limit:
            return None
        matches = {by: sum(groups.values())} if by else {}
        known = replace(self._sums(names, groups), population=0, matches=matches)
        return replace(known, keys=lookup.keys, exact_match=lookup.exact_match)

    def _tally_groups(self, tally: Tally) -> Groups:
        # Past the ORM, which adds nothing to plain values and takes as long again.
        rows = self.session.connection().execute(tally.statement).all()
        return {tuple(values): int(number) for *values, number in rows}

    def _sums(self, names: Sequence[str], groups: Groups) -> Statistics:
        chosen = [frozenset(self.state.filter_values[name].values) for name in names]
        return Sums(names, chosen, groups).statistics()

    def _groups(self, names: Sequence[str], keys: Sequence[int] | None, by: str | None) -> Groups:
        """Count by the filters called `names`, which do not narrow the list here, up to the limit."""
        if keys is not None and not names and not self._is_judged():
            return {(): len(keys)}
        columns = self._columns(names)
        asked = conditions(self.listing, self.state, keys, names, by)
        rows = select(*columns, literal(1).label("one")).select_from(self.listing.key.class_)
        limited = rows.where(*asked).limit(self.listing.tuning.exact_count_limit + 1).subquery()
        groups = limited.c[:-1]
        statement = select(*groups, func.count()).select_from(limited).group_by(*groups)
        return {tuple(row[:-1]): row[-1] for row in self.session.execute(statement)}

    def _is_judged(self) -> bool:
        """Whether rows that the search found may be left out by something else."""
        return bool(narrowing(self.listing, self.state) - {SEARCH} or self.listing.scope())

    def _sample(self) -> Sample:
        return take_sample(self.session, self.listing, self.state, self.tallied)

    def _estimate(self, sample: Sample) -> Statistics:
        """About how many there are, or the keys of all of them if they are few among few."""
        filters = _filters(sample.each)
        has_index = self.listing.search.found(self.listing.search.words(self.state.query)) is not None
        matches = sample.each if has_index else filters
        rows = round(sample.rows, 2 - len(str(sample.rows)))
        skipped = sample.rows_skipped if sample.is_clustered_far else 0
        options = {value: round(number, 2 - len(str(number))) for value, number in sample.options.items()}
        facets = {self.listing.counted_above: Counter(options)} if self.listing.counted_above else {}
        count = Count(rows, exact=False, facets=facets)
        about = Statistics(count, sample.span, matches, rows_skipped=skipped)
        by = most_selective(filters)
        found = filters[by] if by else sample.span
        if keys_are_read(sample.rows, found, sample.span, self.state.size, self.listing.tuning):
            return self._with_keys(about, by)
        return about

    def _with_keys(self, about: Statistics, by: str | None) -> Statistics:
        limit = self.listing.tuning.exact_count_limit
        found = conditions(self.listing, self.state, found_by=by)
        columns = (self.listing.key, *self._columns(self._above))
        rows = self.session.execute(select(*columns).where(*found).limit(limit + 1)).all()
        if len(rows) > limit:
            return replace(about, count=Count(limit, exact=False))
        facets = {name: Counter(row[1] for row in rows) for name in self._above}
        return replace(about, count=Count(len(rows), facets=facets), keys=[row[0] for row in rows])

    def _look_up(self) -> Lookup:
        """Ask the index of the search for up to a few keys."""
        search = self.listing.search
        words = search.words(self.state.query)
        dialect = self.session.get_bind().dialect.name
        keys = search.keys(words, dialect) if words else None
        if keys is None:
            return Lookup()
        is_plenty = false() if search.is_rare(words) else self._is_common_word(words)
        rows = self.session.execute(self._first_keys(keys, is_plenty)).all()
        too_many, exact_match = rows[0][:2]
        found = None if too_many else [key for *_, key in rows if key is not None]
        return Lookup(found, too_many, exact_match)

    def _first_keys(self, keys: Select[Any], is_plenty: ColumnElement[bool]) -> Select[Any]:
        """Read the keys if they are not too many, whether they are, and the key of the exact match."""
        limit = self.listing.tuning.exact_count_limit
        # Read twice and so made once: too many keys need not be handed over to be counted.
        glance = select(is_plenty.label("is_plenty")).cte("glance")
        # Not as a condition, which SQLite would ask of each row that its index finds.
        most = select(case((glance.c.is_plenty, 0), else_=limit + 1)).scalar_subquery()
        first = keys.limit(most).cte("first")
        number = select(func.count().label("number")).select_from(first).subquery()
        too_many = or_(glance.c.is_plenty, number.c.number > limit)
        source = glance.join(number, true()).outerjoin(first, number.c.number <= limit)
        return select(too_many, self._exact_match(), first.c[0]).select_from(source)

    def _exact_match(self) -> ColumnElement[Any]:
        is_it = self.listing.search.exactly(self.state.query)
        if is_it is None:
            return null()
        return select(func.min(self.listing.key)).where(is_it).scalar_subquery()

    def _is_common_word(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Whether far more than a few rows contain the words, judged by a glance."""
        tuning = self.listing.tuning
        spread = evenly(self.listing, tuning.sample_glance, self.session.get_bind().dialect.name)
        # Not as a condition: SQLite might read the whole table by it, to make a filter for the join.
        is_hit = case((self.listing.search.containing(words), 1))
        hits = spread.read(self.listing.key.class_, func.count(is_hit))
        common = tuning.common_factor * tuning.exact_count_limit
        return hits.scalar_subquery() * spread.population > common * tuning.sample_glance


def _minute() -> int:
    return int(clock.now().timestamp()) // 60


def _filters(each: Mapping[str, int], names: Collection[str] | None = None) -> dict[str, int]:
    """About how many rows meet each filter, or each of those called `names`; without the search."""
    known = each if names is None else names
    return {name: each[name] for name in known if name != SEARCH}
