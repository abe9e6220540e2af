"""The facts on the page of a record of a mapped class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.links import linked_to
from dashboard.admin.record_view.columns import Columns, shown_as
from dashboard.admin.record_view.lists.formatting import Formatters
from dashboard.admin.record_view.lists.path_columns import PathColumns
from dashboard.admin.record_view.relations.collection import keys_in, one_below_another
from dashboard.admin.record_view.relations.paths import is_dotted, path_of
from dashboard.admin.record_view.relations.related import collection_of
from dashboard.admin.record_view.relations.targets import Target, learn_keys
from dashboard.database.keys import key_text
from dashboard.listing.columns import Badge, CellValue, Kind
from dashboard.registry import Values

MOST_NAMED = 100
"""Records of a collection that a page names."""
LONG = 200
"""Characters from which a text gets the whole width of the page."""


@dataclass(frozen=True)
class Facts:
    """The columns on the page of a record: their names, their labels, and the functions that show them."""

    columns: Columns
    names: Sequence[str]
    labels: Mapping[str, str]
    formatters: Formatters

    def of_record(self, record: Any) -> list[Fact]:
        """The columns of a record."""
        self._learn(record)
        return [self._made(record, name) or self._of_record(record, name) for name in self.names]

    def _learn(self, record: Any) -> None:
        """Read the records that it refers to at once."""
        wanted = defaultdict[type[Any], list[str]](list)
        for name in self.names:
            key = getattr(record, name) if name in self.columns.references else None
            if key is not None and name not in self.formatters.by_name:
                wanted[self.columns.references[name].mapper.class_].append(key_text(key))
        learn_keys({Target(model): texts for model, texts in wanted.items()})

    def _of_record(self, record: Any, name: str) -> Fact:
        if is_dotted(self.columns, name):
            return self._along(record, name)
        if not self.columns.leads_to_others(name):
            return self._fact(name, getattr(record, name))
        key, collection = getattr(record, self.columns.key.key), collection_of(self.columns, name)
        found = collection.read([key], MOST_NAMED).get(key, ())
        rows = [(other, title) for other, title, _ in found]
        return _collection(self._label(name), collection.target, rows, found[0][2] if found else 0)

    def _along(self, record: Any, name: str) -> Fact:
        """A column of another record."""
        along = PathColumns(self.columns, tuple(name for name in self.names if is_dotted(self.columns, name)))
        [value] = along.of(name, [getattr(record, self.columns.key.key)])
        made = self.formatters.typed(value, name)
        if made is not value:
            return _written(self._label(name), made)
        if isinstance(value, str):
            return Fact(self._label(name), value or None, is_long=_is_long(value))
        kind, show = along.shown_as(name, {})
        return Fact(self._label(name), show(value), kind)

    def of_values(self, values: Values) -> list[Fact]:
        """The columns of a deleted record, as it was: functions have no record to ask."""
        return [self._fact(name, values[name]) for name in self.names if name in values]

    def _label(self, name: str) -> str:
        path = path_of(self.columns.model, name) if is_dotted(self.columns, name) else None
        return self.labels.get(name) or (self.columns.label(name) if path is None else path.label)

    def _made(self, record: Any, name: str) -> Fact | None:
        """The fact that a function of the view makes; None where there is none."""
        if name not in self.formatters.by_name:
            return None
        return _written(self._label(name), self.formatters.of_record(record, name))

    def _fact(self, name: str, value: Any) -> Fact:
        made = value if name in self.columns.references else self.formatters.typed(value, name)
        if made is not value:
            return _written(self._label(name), made)
        return fact_of(self.columns, self._label(name), name, value)


def _written(label: str, cell: CellValue) -> Fact:
    if isinstance(cell, str):
        return Fact(label, cell, is_long=_is_long(cell))
    return Fact(
        label, cell, Kind.TEXT if cell is None else Kind.BADGE if isinstance(cell, Badge) else Kind.DATE
    )


def _is_long(text: str) -> bool:
    return len(text) > LONG or "\n" in text


def fact_of(columns: Columns, label: str, name: str, value: Any) -> Fact:
    """The value of a column as a fact; a reference by the name of its record, as far as it may be seen."""
    if name in columns.collections:
        target, texts = Target(columns.collections[name].mapper.class_), map(key_text, keys_in(value))
        rows = target.with_keys([*islice(texts, MOST_NAMED)])
        return _collection(label, target, rows, len(rows))
    if reference := columns.references.get(name):
        return _reference(label, Target(reference.mapper.class_), value)
    if isinstance(value, str):
        return Fact(label, value or None, is_long=_is_long(value))
    kind, show = shown_as(columns.column(name).type)
    shown = show(value)
    # A moment that Python does not have is a text.
    is_text = isinstance(shown, str) and kind in (Kind.DATE, Kind.CLOCK)
    return Fact(label, shown, Kind.TEXT if is_text else kind)


def _collection(label: str, target: Target, rows: Sequence[Any], number: int) -> Fact:
    """The first of a `number` of records by their names, as far as the user may see them."""
    cells = [linked_to(target.words(key, title), target.model, key) for key, title in rows]
    shown: list[CellValue] = [*sorted(cells, key=str.casefold)]
    return Fact(label, one_below_another(shown, number - len(shown)))


def _reference(label: str, target: Target, key: Any) -> Fact:
    found = None if key is None else target.with_key(key_text(key))
    if found is None:  # it is gone, or the user may not see it
        return Fact(label, None if key is None else f"no. {key_text(key)}")
    return Fact(label, linked_to(target.words(*found), target.model, key))
