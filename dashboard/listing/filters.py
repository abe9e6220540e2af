"""Filters by name: each reads its own parameters of the address, cleans them and narrows a query.

A filter never fails: an unknown option is ignored, an invalid bound is reported beside its input, and
both are told.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false, or_
from werkzeug.datastructures import MultiDict

from dashboard.clock import now
from dashboard.database.types import MONEY_DECIMALS, MONEY_DIGITS
from dashboard.listing.columns import SqlColumn
from dashboard.words import day_words

Pairs = tuple[tuple[str, str], ...]
MAXIMUM_BOUND = Decimal(10) ** (MONEY_DIGITS - MONEY_DECIMALS) - 1  # PostgreSQL refuses to compare with more
STORED = Decimal(1).scaleb(-MONEY_DECIMALS)
ROUNDING = {"min": ROUND_CEILING, "max": ROUND_FLOOR, "from": ROUND_CEILING, "to": ROUND_FLOOR}
BOUND_LENGTH = 30
CACHED_CONDITIONS = 256
"""A condition is made once for each value, so that the statements made of it can be cached as well."""
UNKNOWN_OPTION = "This option no longer exists and was ignored."


class Choice(NamedTuple):
    """One thing to choose: an option of a filter, or a page size with its address.

    ``rows`` is how many the list would show with this option alone in its filter, where known.
    """

    value: str
    label: str
    selected: bool = False
    url: str | None = None
    rows: int | None = None


class Option(NamedTuple):
    """One option of a filter: its text in the address, its label, and the value that it selects."""

    text: str
    label: str
    value: Any


class Input(NamedTuple):
    """One input of a range."""

    name: str
    label: str
    value: str
    type: str
    error: str | None


class Chip(NamedTuple):
    """A filter that is on, with the address of the list without it."""

    label: str
    value: str
    remove_url: str


class FacetView(NamedTuple):
    """A filter as the page shows it."""

    name: str
    label: str
    kind: str
    multiple: bool = False
    options: tuple[Choice, ...] = ()
    inputs: tuple[Input, ...] = ()
    error: str | None = None
    hint: str = ""


@dataclass(frozen=True)
class FilterValue:
    """The value of one filter in an address: its parameters, the words for its chips, the condition.

    Of a filter with options, ``options`` holds all that exist, so that they are read once, and ``values``
    what the chosen ones select.
    """

    pairs: Pairs = ()
    chips: Sequence[tuple[str, Pairs]] = ()
    where: ColumnElement[bool] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Option] = ()
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Facet(ABC):
    """A named filter of a list."""

    name: str
    label: str

    @abstractmethod
    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Clean what `args` asks of this filter."""

    @abstractmethod
    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show this filter with its `filter_value`; `counts` holds the rows with each value, where known."""


@dataclass(frozen=True)
class Choices(Facet):
    """Is one of: the value of each option is a condition, and a row has to meet one of those chosen.

    ``options`` is asked once for each page, so that the options may come from rows.
    """

    options: Callable[[], Sequence[Option]]

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Keep the options that exist."""
        asked = {value for value in args.getlist(self.name) if value.strip()}
        if not asked:
            return FilterValue()
        options = self.options()
        chosen = [option for option in options if option.text in asked]
        errors = {self.name: UNKNOWN_OPTION} if len(chosen) < len(asked) else {}
        if not chosen:
            return FilterValue(errors=errors, options=options)
        pairs = tuple((self.name, option.text) for option in chosen)
        chips = [(option.label, tuple(p for p in pairs if p[1] != option.text)) for option in chosen]
        values = tuple(option.value for option in chosen)
        return FilterValue(pairs, chips, self.condition(values), errors, options, values)

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show every option, those chosen marked."""
        chosen = {value for _, value in filter_value.pairs}
        options = tuple(
            Choice(o.text, o.label, o.text in chosen, rows=None if counts is None else counts[o.value])
            for o in filter_value.options or self.options()
        )
        error = filter_value.errors.get(self.name)
        return FacetView(self.name, self.label, "choices", multiple=True, options=options, error=error)

    def condition(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Return the condition of its rows."""
        return _any_of(tuple(values))


@lru_cache(maxsize=CACHED_CONDITIONS)
def _any_of(conditions: tuple[ColumnElement[bool], ...]) -> ColumnElement[bool]:
    return or_(*conditions)


@dataclass(frozen=True)
class OneOf(Choices):
    """Is one of, where the value of each option is one of ``column``, None for rows without one."""

    column: SqlColumn

    def condition(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Return the condition of its rows."""
        return _one_of(self.column, tuple(values))


@lru_cache(maxsize=CACHED_CONDITIONS)
def _one_of(column: SqlColumn, values: tuple[Any, ...]) -> ColumnElement[bool]:
    given = [value for value in values if value is not None]
    has_value: ColumnElement[bool] = column == given[0] if len(given) == 1 else column.in_(given)
    if None not in values:
        return has_value
    return or_(column.is_(None), has_value if given else false())


@dataclass(frozen=True)
class OnceAsked(Choices):
    """Is one of, with the options shown only while one is chosen: for what is rare and linked to."""

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show the options where one is chosen."""
        shown = super().view(filter_value, counts)
        return shown if filter_value.pairs else shown._replace(options=())


@dataclass(frozen=True)
class Bounds(Facet):
    """From and to: both included, either may be left open."""

    column: SqlColumn

    suffixes = (("min", "At least"), ("max", "At most"))
    kind = "range"
    input_type = "text"
    unit = ""
    """Return the text that follows a bound."""

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Keep the bounds that can be understood and report those that cannot."""
        given = {suffix: args.get(f"{self.name}_{suffix}", "") for suffix, _ in self.suffixes}
        if not any(given.values()):
            return FilterValue()
        texts = {suffix: text.strip()[:BOUND_LENGTH].rstrip() for suffix, text in given.items()}
        bounds, errors = {}, {}
        for suffix, text in texts.items():
            try:
                if text:
                    bounds[suffix] = self.parse(text, ROUNDING[suffix])
            except ValueError as error:
                errors[f"{self.name}_{suffix}"] = str(error)
        pairs = tuple((f"{self.name}_{suffix}", texts[suffix]) for suffix, text in texts.items() if text)
        return FilterValue(pairs, self._chips(bounds, pairs), self._condition(bounds), errors)

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:  # noqa: ARG002
        """Show both inputs, filled as they were sent."""
        values = dict(filter_value.pairs)
        inputs = tuple(
            Input(name, label, values.get(name, ""), self.input_type, filter_value.errors.get(name))
            for name, label in ((f"{self.name}_{suffix}", label) for suffix, label in self.suffixes)
        )
        return FacetView(self.name, self.label, self.kind, inputs=inputs)

    def parse(self, text: str, rounding: str) -> Any:
        """Turn a bound into an amount with as many decimals as are stored, rounded towards what it includes.

        Raises ValueError with a sentence.
        """
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValueError("Enter a number, such as 12.50.")
        if not -MAXIMUM_BOUND <= number <= MAXIMUM_BOUND:
            raise ValueError(f"Enter a {'larger' if number < 0 else 'smaller'} number.")
        return number.quantize(STORED, rounding)

    def upper(self, bound: Any) -> ColumnElement[bool]:
        """The condition of the upper bound."""
        condition: ColumnElement[bool] = self.column <= bound
        return condition

    def _condition(self, bounds: Mapping[str, Any]) -> ColumnElement[bool] | None:
        (low, _), (high, _) = self.suffixes
        return self._between(bounds.get(low), bounds.get(high))

    @lru_cache(maxsize=CACHED_CONDITIONS)  # noqa: B019 - there are as many filters as lists declare
    def _between(self, low: Any, high: Any) -> ColumnElement[bool] | None:
        parts: list[ColumnElement[bool]] = []
        if low is not None:
            parts.append(self.column >= low)
        if high is not None:
            parts.append(self.upper(high))
        return parts[0] if len(parts) == 1 else parts[0] & parts[1] if parts else None

    def _chips(self, bounds: Mapping[str, Any], pairs: Pairs) -> Sequence[tuple[str, Pairs]]:
        chips = []
        for suffix, label in self.suffixes:
            if suffix in bounds:
                name = f"{self.name}_{suffix}"
                text = f"{label.lower()} {dict(pairs)[name]}{self.unit}"
                chips.append((text, tuple(pair for pair in pairs if pair[0] != name)))
        return chips


@dataclass(frozen=True)
class Dates(Bounds):
    """From a day to a day, UTC, both included."""

    suffixes = (("from", "From"), ("to", "To"))
    kind = "dates"
    input_type = "date"
    unit = " UTC"

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show both inputs, and which day it is in UTC: it may be another where the user is."""
        hint = f"Days in UTC; today is {day_words(now().date())}."
        return super().view(filter_value, counts)._replace(hint=hint)

    def parse(self, text: str, rounding: str) -> datetime:  # noqa: ARG002 - a day is whole
        """Turn an ISO date into the beginning of its day; raises ValueError with a sentence."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError("Enter a date, such as 2026-03-31.") from None
        if day == date.max:  # its end would lie beyond the calendar
            raise ValueError("Enter an earlier date.")
        return datetime(day.year, day.month, day.day, tzinfo=UTC)

    def upper(self, bound: datetime) -> ColumnElement[bool]:
        """The whole of the last day is in."""
        condition: ColumnElement[bool] = self.column < bound + timedelta(days=1)
        return condition
