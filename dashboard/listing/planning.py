"""How the rows of a list are found: decided here, by numbers alone, and carried out elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.listing.tuning import USUAL, Tuning
from dashboard.number_form import number_words
from dashboard.words import listed

MISSING_SHOWN = 10
"""Codes that a page names of those that it did not find."""

Facets = Mapping[str, Mapping[Any, int]]


@dataclass(frozen=True)
class Whole:
    """Read the rows in the order of the list, and check each, to the end if need be."""


@dataclass(frozen=True)
class Probe:
    """Read up to ``limit`` rows in the order of the list, and check each.

    If they do not fill the page and there are more, find all matching rows as `Indexed` does.
    """

    limit: int
    by: str


@dataclass(frozen=True)
class Indexed:
    """Find all matching rows by the index of the filter or search ``by``, and sort them."""

    by: str


@dataclass(frozen=True)
class Among:
    """Sort the rows with these keys, which are known already."""

    keys: Sequence[int]


Plan = Whole | Probe | Indexed | Among


@dataclass(frozen=True)
class Count:
    """How many rows a list has.

    ``exact`` is false for an estimate; ``facets`` holds, by filter and by the value of an option, how many
    rows the list would have with that option.
    """

    rows: int
    exact: bool = True
    facets: Facets = field(default_factory=dict)


@dataclass(frozen=True)
class Codes:
    """The keys of rows with some of the codes that were searched for, and the codes that no row has."""

    keys: Sequence[Any]
    asked: int
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        """How many codes were searched for, in words."""
        return f"{number_words(self.asked)} codes"

    @property
    def unnamed(self) -> int:
        """How many of these codes the sentence does not name."""
        return max(0, len(self.missing) - MISSING_SHOWN)

    @property
    def words(self) -> str:
        """Which codes no row has, in words; blank where all were found."""
        if not self.missing:
            return ""
        shown, more = self.missing[:MISSING_SHOWN], self.unnamed
        named = listed([*shown, f"{number_words(more)} more"] if more else shown)
        missing, asked = number_words(len(self.missing)), number_words(self.asked)
        return f"{missing} of {asked} codes not found: {named}."


@dataclass(frozen=True)
class Statistics:
    """The counts and estimates of a list, before its rows are read.

    ``population`` is about how many rows there are without search and filters, 0 if unknown; ``matches``
    about how many meet each filter that can find rows by its index, and the search if it can; ``keys`` are
    those of all rows, if they were found already; ``exact_match`` is that of the row whose code is searched
    for; ``rows_skipped`` is about how many rows come before the first, if it lies far from where the page
    begins; ``codes`` are those that were searched for, if the search lists codes.
    """

    count: Count
    population: int = 0
    matches: Mapping[str, int] = field(default_factory=dict)
    keys: Sequence[int] | None = None
    exact_match: int | None = None
    rows_skipped: int = 0
    codes: Codes | None = None


def plan(known: Statistics, wanted: int | None, tuning: Tuning = USUAL) -> Plan:
    """How to find the first `wanted` rows from an end of the list or from a place in it; None for all."""
    if known.keys is not None:
        return Among(known.keys)
    by = most_selective(known.matches)
    if by is None:
        return Whole()
    if wanted is None:
        return Indexed(by) if _is_few(known.count, tuning) else Whole()
    return _plan_page(known, by, wanted, tuning)


def _plan_page(known: Statistics, by: str, wanted: int, tuning: Tuning) -> Plan:
    """How to find some rows that the index of `by` could find all of."""
    rows, found = known.count.rows, known.matches[by]
    spread = wanted * known.population // max(1, rows)  # so many rows hold the page if spread evenly
    if _is_few(known.count, tuning) and (not known.population or spread >= found):
        return Indexed(by)
    if known.rows_skipped:
        return Indexed(by) if found <= known.rows_skipped else Whole()
    # Reading on passes over the rows that do not match, sorting takes all that the index finds.
    limit = _probe_limit(spread, tuning)
    reads_on = limit >= known.population or known.population - rows <= found
    if reads_on or spread > tuning.max_probe:
        return Whole() if reads_on or spread < found else Indexed(by)
    return Probe(limit, by)


def otherwise(tried: Plan) -> Plan:
    """How to find the rows after a probe that did not tell."""
    return Indexed(tried.by) if isinstance(tried, Probe) else tried


def most_selective(matches: Mapping[str, int]) -> str | None:
    """The filter that the fewest rows meet, None without any."""
    return min(matches, key=lambda name: matches[name], default=None)


def _is_few(count: Count, tuning: Tuning) -> bool:
    return count.exact and count.rows <= tuning.exact_count_limit


def _probe_limit(spread: int, tuning: Tuning) -> int:
    """A power of two, for the statements that contain it are cached."""
    enough = 1 << max(tuning.min_probe, tuning.probe_factor * spread).bit_length()
    return min(enough, tuning.max_probe)


def is_common(others: int, tuning: Tuning = USUAL) -> bool:
    """Whether about `others` rows meet all but the filters with tallies: too many to count one by one."""
    return others > tuning.common_factor * tuning.exact_count_limit


def keys_are_read(rows: int, found: int, population: int, size: int, tuning: Tuning = USUAL) -> bool:
    """Whether the keys of about `rows` rows are read from the `found` ones that an index gives.

    Not if there are many, nor if a page of `size` is found sooner among all rows.
    """
    page_spread = size * population / rows if rows else 0
    return rows <= tuning.exact_count_limit and not (is_common(found, tuning) and 0 < page_spread < found)


def offset_is_cheap(known: Statistics, page: int, size: int, tuning: Tuning = USUAL) -> bool:
    """Whether a page is found by its number: by skipping the rows before it, from the nearer end."""
    rows, skipped = known.count.rows, (page - 1) * size
    distance = min(skipped, rows - skipped) if known.count.exact else skipped
    rows_read = distance * max(1.0, known.population / rows) if rows else 0
    return _is_few(known.count, tuning) or rows_read <= tuning.max_offset
