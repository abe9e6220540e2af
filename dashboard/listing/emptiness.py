"""Rows without a value: as options of a filter by choices, and beside the inputs of any other filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from werkzeug.datastructures import MultiDict

from dashboard.listing.columns import SqlColumn
from dashboard.listing.filters import (
    ANY,
    CACHED_CONDITIONS,
    UNKNOWN_OPTION,
    Choice,
    Facet,
    FacetView,
    FilterValue,
    Option,
    Pairs,
)

IS_EMPTY, IS_NOT_EMPTY = "Is empty", "Is not empty"
EMPTY, FILLED = "empty", "filled"
LABELS = {EMPTY: IS_EMPTY, FILLED: IS_NOT_EMPTY}
BOTH = "Every record is either empty or not, so both options were ignored."


def with_emptiness(options: Sequence[Option]) -> list[Option]:
    """The options, one for rows without a value, and one for those with any."""
    found = [*options]
    for text, label, value in (("none", IS_EMPTY, None), ("any", IS_NOT_EMPTY, ANY)):
        taken = {option.text for option in found}
        while text in taken:
            text = f"{text}_"
        found.append(Option(text, label, value, label.lower()))
    return found


def but_any(counts: Mapping[Any, int] | None) -> Mapping[Any, Any] | None:
    """The numbers of options that may count a row several times: their sum is not that of rows with any."""
    return None if counts is None else Counter[Any]({**counts, ANY: None})


@dataclass(frozen=True)
class OrEmpty(Facet):
    """The filter ``inner``, or rows whose ``column`` is empty; alone also those that have a value.

    Where ``has_blanks`` is set, a text without characters is empty too.
    """

    inner: Facet
    column: SqlColumn
    has_blanks: bool = False

    @property
    def parameter(self) -> str:
        """The parameter of the two options."""
        return f"{self.name}_is"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Those of the inner filter, and that of the two options."""
        return (*self.inner.parameters, self.parameter)

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Keep what is asked of the inner filter, and one of the options."""
        found = self.inner.read(args)
        asked = {text for text in args.getlist(self.parameter) if text.strip()}
        if not asked:
            return found
        chosen = [text for text in LABELS if text in asked]
        fault = UNKNOWN_OPTION if len(chosen) < len(asked) else BOTH if len(chosen) > 1 else ""
        found = replace(found, errors={**found.errors, self.name: fault}) if fault else found
        has_value = chosen == [FILLED] and found.where is not None  # as each row of a span has
        return found if len(chosen) != 1 or has_value else self._with(found, chosen[0])

    def _with(self, found: FilterValue, chosen: str) -> FilterValue:
        its = ((self.parameter, chosen),)
        # Both bounds are one chip: "or is empty" after the second alone reads as another condition.
        words = self.inner.joint.join(words for words, _ in found.chips)
        where = self.condition(chosen)
        return replace(
            found,
            pairs=(*found.pairs, *its),
            chips=[*([(words, its)] if words else []), (LABELS[chosen].lower(), found.pairs)],
            where=where if found.where is None else _either(found.where, where),
            alternatives=1 if words else 0,
            fixed=(*found.fixed, *its) if found.fixed else (),
        )

    def condition(self, chosen: str) -> ColumnElement[bool]:
        """The condition of one of the two options."""
        return (is_empty if chosen == EMPTY else is_filled)(self.column, self.has_blanks)

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show the inner filter, and both options."""
        chosen = dict(filter_value.pairs).get(self.parameter)
        options = tuple(Choice(text, label, text == chosen) for text, label in LABELS.items())
        shown = self.inner.view(filter_value, counts)
        return shown._replace(options=options, error=filter_value.errors.get(self.name))

    def presets(self, filter_value: FilterValue) -> Sequence[tuple[str, Pairs]]:
        """The presets of the inner filter, or rows without a value where these are asked for."""
        kept = tuple(pair for pair in filter_value.pairs if pair == (self.parameter, EMPTY))
        return [(label, (*pairs, *kept)) for label, pairs in self.inner.presets(filter_value)]


@lru_cache(maxsize=CACHED_CONDITIONS)
def is_empty(column: SqlColumn, has_blanks: bool) -> ColumnElement[bool]:
    """The condition for rows without a value."""
    nothing: ColumnElement[bool] = column.is_(None)
    return or_(nothing, column == "") if has_blanks else nothing


@lru_cache(maxsize=CACHED_CONDITIONS)
def is_filled(column: SqlColumn, has_blanks: bool) -> ColumnElement[bool]:
    """The condition for rows with a value."""
    something: ColumnElement[bool] = column.is_not(None)
    return and_(something, column != "") if has_blanks else something


@lru_cache(maxsize=CACHED_CONDITIONS)
def _either(one: ColumnElement[bool], other: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(one, other)
