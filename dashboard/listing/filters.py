"""Filters by name: each reads its own parameters of the address, cleans them and narrows a query.

A filter never fails: an unknown option is ignored, an invalid bound is reported beside its input, and
both are told.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, or_
from werkzeug.datastructures import MultiDict

from dashboard.listing.columns import SqlColumn

Pairs = tuple[tuple[str, str], ...]
BOUND_LENGTH = 30
CACHED_CONDITIONS = 256
"""A condition is made once for each value, so that the statements made of it can be cached as well."""
ANY = object()
"""The value of the option that selects rows with any value."""
UNKNOWN_OPTION = "This option no longer exists and was ignored."


class Choice(NamedTuple):
    """One thing to choose: an option of a filter, or a page size with its address.

    ``rows`` is how many the list would show with this option alone in its filter, where known; one that
    ``is_sum`` stands for several of the others.
    """

    value: str
    label: str
    selected: bool = False
    url: str | None = None
    rows: int | None = None
    is_sum: bool = False


class Option(NamedTuple):
    """One option of a filter: its text in the address, its label, and the value that it selects.

    Its ``words`` stand in a sentence instead of the label.
    """

    text: str
    label: str
    value: Any
    words: str = ""


class Input(NamedTuple):
    """One input of a range."""

    name: str
    label: str
    value: str
    type: str
    error: str | None


class Chip(NamedTuple):
    """A filter that is on, with the address of the list without it.

    A row also fits that meets one which ``is_alternative`` instead of the chip before it.
    """

    label: str
    value: str
    remove_url: str
    is_alternative: bool = False


class CountRow(NamedTuple):
    """The options of a filter in a row, each with the address of the list that has it alone, and its rows."""

    label: str
    options: tuple[Choice, ...]
    is_exact: bool


class Preset(NamedTuple):
    """A setting of a filter that is often wanted, with the address of the list that has it."""

    label: str
    url: str
    is_current: bool


class FacetView(NamedTuple):
    """A filter as the page shows it; one that ``is_further`` stands behind "More filters".

    It ``is_on`` where the address asks something of it.
    """

    name: str
    label: str
    kind: str
    multiple: bool = False
    options: tuple[Choice, ...] = ()
    inputs: tuple[Input, ...] = ()
    error: str | None = None
    hint: str = ""
    presets: tuple[Preset, ...] = ()
    hidden: Pairs = ()
    is_on: bool = False
    is_further: bool = False


@dataclass(frozen=True)
class FilterValue:
    """The value of one filter in an address: its parameters, the words for its chips, the condition.

    A row fits that meets one of the last chips, as many as there are ``alternatives``, or all before them.
    ``fixed`` are parameters that have the same value later, where ``pairs`` move with the days.
    Of a filter with options, ``options`` holds all that exist, so that they are read once, and ``values``
    what the chosen ones select.
    """

    pairs: Pairs = ()
    chips: Sequence[tuple[str, Pairs]] = ()
    where: ColumnElement[bool] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Option] = ()
    values: tuple[Any, ...] = ()
    alternatives: int = 0
    fixed: Pairs = ()

    @property
    def is_asked(self) -> bool:
        """Whether the address asks something of the filter, even what it cannot take."""
        return bool(self.pairs or self.errors)

    @property
    def words(self) -> str:
        """The filter in words, such as "Draft or Active"; empty where it is off."""
        words = [words for words, _ in self.chips]
        first = len(words) - self.alternatives
        each = [", ".join(words[:first]), *words[first:]]
        return " or ".join(part for part in (", ".join(each[:-1]), each[-1]) if part)


class FilterValues(dict[str, FilterValue]):
    """The value of each filter in an address, by its name; never changed once it is read.

    Those with the same parameters are equal, for the addresses of other pages are made of nothing else.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilterValues) and self.pairs == other.pairs

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self.pairs)

    @cached_property
    def pairs(self) -> Pairs:
        """The parameters of all filters that are on; asked for by each of the addresses on a page."""
        return tuple(chain.from_iterable([filter_value.pairs for filter_value in self.values()]))


@dataclass(frozen=True)
class Facet(ABC):
    """A named filter of a list."""

    name: str
    label: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters in an address."""
        return (self.name,)

    @property
    def is_counted(self) -> bool:
        """Whether the rows with each option can be counted by a value of each, and the options are shown."""
        return False

    @property
    def counted_by(self) -> Any:
        """The value of a row by which the options count rows, where ``is_counted``; else None."""
        return None

    @property
    def count_among(self) -> Callable[[Select[Any]], Any] | None:
        """A function of keys, which counts how many of their rows have each value, where a row has several.

        It returns a statement that reads values and numbers.
        """
        return None

    @abstractmethod
    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Clean what `args` asks of this filter."""

    @abstractmethod
    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show this filter with its `filter_value`; `counts` holds the rows with each value, where known."""

    joint = ", "
    """Return the text between the words of conditions that a row has to meet together."""

    def presets(self, filter_value: FilterValue) -> Sequence[tuple[str, Pairs]]:  # noqa: ARG002
        """The labels of settings that are often wanted, each with the parameters for it.

        They keep what `filter_value` asks besides.
        """
        return ()


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
        chips = [(o.words or o.label, tuple(p for p in pairs if p[1] != o.text)) for o in chosen]
        values = tuple(option.value for option in chosen)
        where = self.condition(values)
        return FilterValue(pairs, chips, where, errors, options, values, alternatives=len(chips) - 1)

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show every option, those chosen marked."""
        chosen = {value for _, value in filter_value.pairs}
        options = tuple(
            Choice(o.text, o.label, o.text in chosen, rows=_rows(counts, o.value), is_sum=o.value is ANY)
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


def _rows(counts: Mapping[Any, int] | None, value: Any) -> int | None:
    if counts is None or value is not ANY or ANY in counts:
        return None if counts is None else counts[value]
    return sum(number for each, number in counts.items() if each is not None)


@dataclass(frozen=True)
class OneOf(Choices):
    """Is one of, where the value of each option is one of ``column``, None for rows without one."""

    column: SqlColumn

    @property
    def is_counted(self) -> bool:
        """Whether the rows with each option can be counted by the column, and the options are shown."""
        return True

    @property
    def counted_by(self) -> Any:
        """The value of a row by which the options count rows."""
        return self.column

    def condition(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Return the condition of its rows."""
        return _one_of(self.column, tuple(values))


@lru_cache(maxsize=CACHED_CONDITIONS)
def _one_of(column: SqlColumn, values: tuple[Any, ...]) -> ColumnElement[bool]:
    given = [value for value in values if value is not None and value is not ANY]
    has_value: ColumnElement[bool] = column == given[0] if len(given) == 1 else column.in_(given)
    if ANY in values:
        has_value, given = column.is_not(None), [ANY]
    if None not in values:
        return has_value
    return or_(column.is_(None), has_value if given else false())
