"""Filters from one value to another: numbers, moments and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from dashboard.database.beyond import BeyondMoment
from dashboard.database.types import MONEY_DECIMALS, MONEY_DIGITS
from dashboard.listing.columns import SqlColumn
from dashboard.listing.filters import (
    BOUND_LENGTH,
    CACHED_CONDITIONS,
    UNKNOWN_OPTION,
    Facet,
    FacetView,
    FilterValue,
    Input,
    Pairs,
)
from dashboard.listing.spans import SPANS
from dashboard.number_form import NumberForm, in_form, number_form
from dashboard.preferences import preferences
from dashboard.text.numbers import AMBIGUOUS, for_page, from_page, plain_number, unambiguous
from dashboard.words import day_words
from dashboard.zones import day_start, today, zone_words

MAXIMUM_BOUND = Decimal(10) ** (MONEY_DIGITS - MONEY_DECIMALS) - 1  # PostgreSQL refuses to compare with more
ROUNDING = {"min": ROUND_CEILING, "max": ROUND_FLOOR, "from": ROUND_CEILING, "to": ROUND_FLOOR}


@dataclass(frozen=True)
class Bounds(Facet):
    """From and to: both included, either may be left open.

    A bound has at most ``decimals`` digits after the point, and is at most ``largest``.
    """

    column: SqlColumn
    decimals: int = MONEY_DECIMALS
    largest: Decimal = MAXIMUM_BOUND

    suffixes = (("min", "At least"), ("max", "At most"))
    kind = "range"
    input_type = "text"
    joint = " and "
    unit = ""
    """Return the text that follows a bound."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of both bounds."""
        return tuple(f"{self.name}_{suffix}" for suffix, _ in self.suffixes)

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
        texts = {suffix: self.plain(text) if suffix in bounds else text for suffix, text in texts.items()}
        pairs = tuple((f"{self.name}_{suffix}", text) for suffix, text in texts.items() if text)
        return FilterValue(pairs, self._chips(bounds, pairs), self._condition(bounds), errors)

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:  # noqa: ARG002
        """Show both inputs, filled as they were sent."""
        values = dict(filter_value.pairs)
        inputs = tuple(
            Input(
                name, label, self.shown(values.get(name, "")), self.input_type, filter_value.errors.get(name)
            )
            for name, label in ((f"{self.name}_{suffix}", label) for suffix, label in self.suffixes)
        )
        return FacetView(self.name, self.label, self.kind, inputs=inputs)

    def from_page(self, args: MultiDict[str, str], form: NumberForm) -> Mapping[str, str]:
        """The texts that were typed in both inputs of a page in `form`, as an address has them."""
        names = [f"{self.name}_{suffix}" for suffix, _ in self.suffixes]
        return {
            name: self.plain(from_page(args[name][:BOUND_LENGTH], form)) for name in names if name in args
        }

    def plain(self, text: str) -> str:
        """A bound as addresses have it, in whatever form it was typed; a question stays as it is."""
        try:
            return unambiguous(plain_number(text, self.decimals))
        except ValueError:
            return text

    def shown(self, text: str) -> str:
        """A bound of an address as the person reads and types it."""
        form = number_form()
        if form.is_chosen and not form.group.strip() and AMBIGUOUS.fullmatch(text):
            return text.replace(",", ".")  # a comma would have one meaning there, and nobody typed it
        return for_page(text, form)

    def parse(self, text: str, rounding: str) -> Any:
        """Turn a bound into an amount with as many decimals as are stored, rounded towards what it includes.

        Raises ValueError with a sentence.
        """
        try:
            number = Decimal(plain_number(text, self.decimals))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValueError(f"Enter a number, such as {in_form('12.50')}.")
        if not -self.largest <= number <= self.largest:
            raise ValueError(f"Enter a {'larger' if number < 0 else 'smaller'} number.")
        return number.quantize(Decimal(1).scaleb(-self.decimals), rounding)

    def lower(self, bound: Any) -> ColumnElement[bool]:
        """The condition of the lower bound."""
        condition: ColumnElement[bool] = self.column >= bound
        return condition

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
            parts.append(self.lower(low))
        if high is not None:
            parts.append(self.upper(high))
        return parts[0] if len(parts) == 1 else parts[0] & parts[1] if parts else None

    def _chips(self, bounds: Mapping[str, Any], pairs: Pairs) -> Sequence[tuple[str, Pairs]]:
        chips = []
        for suffix, label in self.suffixes:
            if suffix in bounds:
                name = f"{self.name}_{suffix}"
                text = f"{label.lower()} {self.shown(dict(pairs)[name])}{self.unit}"
                chips.append((text, tuple(pair for pair in pairs if pair[0] != name)))
        return chips


@dataclass(frozen=True)
class Dates(Bounds):
    """From a day to a day, both included: the days of the person who looks, whatever clocks do on them."""

    suffixes = (("from", "From"), ("to", "To"))
    kind = "dates"
    input_type = "date"
    joint = " "

    @property
    def unit(self) -> str:  # type: ignore[override]
        """Return what follows a day whose zone the person may not expect."""
        return " UTC" if preferences().is_utc else ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of both days, and of a span of days."""
        return (self.name, *super().parameters)

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show both inputs, and whose days they are."""
        hint = f"Days in {zone_words()}; today is {day_words(today())}."
        named = tuple(pair for pair in filter_value.pairs if pair[0] == self.name)
        error = filter_value.errors.get(self.name)
        return super().view(filter_value, counts)._replace(hint=hint, hidden=named, error=error)

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Keep the days that are typed, else the span that is named: its days are those of the request."""
        found = super().read(args)
        text = args.get(self.name, "").strip()
        if not text or found.pairs:
            return found
        if text not in SPANS:
            return FilterValue(errors={self.name: UNKNOWN_OPTION})
        first, last = (day.isoformat() for day in SPANS[text].days(today()))
        where = self._between(self.parse(first, ROUNDING["from"]), self.parse(last, ROUNDING["to"]))
        fixed = ((f"{self.name}_from", first), (f"{self.name}_to", last))
        return FilterValue(((self.name, text),), [(SPANS[text].label, ())], where, fixed=fixed)

    def presets(self, filter_value: FilterValue) -> Sequence[tuple[str, Pairs]]:  # noqa: ARG002
        """The spans of days that are often wanted, by their names, so that they move with the days."""
        return [(span.label, ((self.name, name),)) for name, span in SPANS.items()]

    def parse(self, text: str, rounding: str) -> Any:
        """Turn an ISO date into where the filter begins or ends; raises ValueError with a sentence."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError("Enter a date, such as 2026-03-31.") from None
        if day == date.max:  # its end would lie beyond the calendar
            raise ValueError("Enter an earlier date.")
        try:
            return self.start(day if rounding == ROUNDING["from"] else day + timedelta(days=1))
        except OverflowError:
            raise ValueError("Enter a later date.") from None

    def upper(self, bound: Any) -> ColumnElement[bool]:
        """The whole of the last day is in: the bound is the beginning of the next one."""
        condition: ColumnElement[bool] = self.column < bound
        return condition

    def start(self, day: date) -> Any:
        """The beginning of a day; raises OverflowError where it lies before the calendar.

        SQLite compares texts, and other programs leave out the time of midnight or a part of it.
        """
        if preferences().is_utc:
            return BeyondMoment(day.isoformat(), aware=True)
        text = day_start(day).replace(tzinfo=None).isoformat(" ")
        return BeyondMoment(text.removesuffix(":00"), aware=True)


@dataclass(frozen=True)
class Days(Dates):
    """From a day to a day, both included, of a column that holds days and no times."""

    unit = ""

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show both inputs."""
        return super().view(filter_value, counts)._replace(hint="")

    def start(self, day: date) -> Any:
        """The day itself; SQLite may hold it with a time, so that it ends where the next one begins."""
        return day


@dataclass(frozen=True)
class NaiveDates(Days):
    """From a day to a day, both included, of a column of moments without a zone, in its own days."""

    def start(self, day: date) -> Any:
        """The beginning of a day, by its date alone."""
        return BeyondMoment(day.isoformat(), aware=False)
