"""Collections of other records in lists, in files, on pages and as filters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    cast,
    exists,
    func,
    null,
    or_,
    select,
    union_all,
)

from dashboard.admin.kit.links import linked
from dashboard.admin.record_view.columns import Columns
from dashboard.admin.record_view.relations.collection import one_after_another
from dashboard.admin.record_view.relations.reference_filter import FEW_OPTIONS, ByReference
from dashboard.admin.record_view.relations.targets import Target
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.listing.columns import CellValue, Column
from dashboard.listing.emptiness import but_any, with_emptiness
from dashboard.listing.filters import ANY, FacetView, FilterValue, Option
from dashboard.sheets.several import joined

SHOWN = 3
"""Records of a collection that a cell of a list names."""
Rows = Mapping[Any, Sequence[tuple[Any, Any, int]]]
"""By the key of a record: key and name of each record in its collection, and how many there are."""


@dataclass(frozen=True)
class Collection:
    """One collection of the records of a class, as statements read it: as far as the user may see it."""

    columns: Columns
    name: str

    @property
    def target(self) -> Target:
        """The records that can be in it."""
        return Target(self.columns.collections[self.name].mapper.class_)

    @property
    def ours(self) -> ColumnElement[Any]:
        """The column of the table of links with the key of the record."""
        found: ColumnElement[Any] = self.columns.collections[self.name].synchronize_pairs[0][1]
        return found

    @property
    def theirs(self) -> ColumnElement[Any]:
        """The column of the table of links with the key of a record in the collection."""
        found: ColumnElement[Any] = self.columns.collections[self.name].secondary_synchronize_pairs[0][1]
        return found

    def read(self, keys: Sequence[Any], most: int | None = None) -> Rows:
        """The collections of the records with these keys, the first `most` of each by their names.

        They are read in one statement.
        """
        target, found = self.target, defaultdict[Any, list[tuple[Any, Any, int]]](list)
        pairs = target.visible().join_from(target.model, self.ours.table, self.theirs == target.columns.key)
        place = func.row_number().over(partition_by=self.ours, order_by=(target.title, target.columns.key))
        number = func.count().over(partition_by=self.ours)
        within = pairs.add_columns(self.ours, place.label("place"), number).where(self.ours.in_(keys))
        rows = within.subquery()
        first = select(rows) if most is None else select(rows).where(rows.c.place <= most)
        for key, name, ours, _place, total in db.session.execute(first.order_by(rows.c.place)):
            found[ours].append((key, name, total))
        return found

    def cell(self, found: Sequence[tuple[Any, Any, int]]) -> CellValue:
        """The records of a collection as a cell."""
        target = self.target
        cells = [linked(target.words(key, name), target.model, key) for key, name, _ in found]
        return one_after_another(cells, found[0][2] - len(found) if found else 0)

    def column(self, label: str, *, shown: bool) -> Column:
        """The column of a list."""

        def show_all(keys: Sequence[Any]) -> list[CellValue]:
            found = self.read(keys, SHOWN)
            return [self.cell(found.get(key, ())) for key in keys]

        return Column(
            self.name,
            label,
            (self.columns.key,),
            show=lambda *_: None,
            sortable=False,
            shown=shown,
            show_all=show_all,
        )

    def exported(self, label: str) -> Column:
        """The column of a file: the texts of all records, as an import takes them."""

        def plain_all(keys: Sequence[Any]) -> list[Any]:
            found = self.read(keys)
            texts = self.texts({key: name for its in found.values() for key, name, _ in its})
            return [joined(texts[each[0]] for each in found.get(key, ())) for key in keys]

        return Column(self.name, label, (self.columns.key,), plain_all=plain_all)

    def texts(self, names: Mapping[Any, Any]) -> Mapping[Any, str]:
        """The texts of records in files, by their keys: those by which an import finds them again."""
        return self.target.texts_of(names)

    def count_among(self, keys: Select[Any]) -> CompoundSelect[Any]:
        """The keys in the collections of the records with these keys, each with how many have it."""
        among = keys.subquery()
        held = select(self.theirs, func.count(self.ours.distinct())).where(self.ours.in_(select(among.c[0])))
        empty = select(cast(null(), self.theirs.type), func.count()).select_from(among)
        has_none = ~exists().where(self.ours == among.c[0])
        return union_all(held.group_by(self.theirs), empty.where(has_none))

    def holding(self, keys: Sequence[Any]) -> ColumnElement[bool]:
        """The condition for records whose collection has one of `keys`; None stands for empty collections."""
        key, given = self.columns.key, [each for each in keys if each is not None and each is not ANY]
        parts: list[ColumnElement[bool]] = (
            [key.in_(select(self.ours).where(self.theirs.in_(given)))] if given else []
        )
        if None in keys:
            parts.append(~exists().where(self.ours == key))
        if ANY in keys:
            parts.append(exists().where(self.ours == key))
        return or_(*parts)


@dataclass(frozen=True, kw_only=True)
class ByCollection(ByReference):
    """Has one of these in a collection, so that a row may be counted by several options."""

    collection: Collection
    is_counted = False

    @property
    def count_among(self) -> Callable[[Select[Any]], Any] | None:
        """A function that counts how many records have each of the others, where these are offered."""
        return self.collection.count_among if self.is_offered else None

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show the options; a row may be counted by several."""
        return super().view(filter_value, but_any(counts))

    def condition(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """Return the condition of its rows."""
        return self.collection.holding(values)


def by_collection(name: str, label: str, collection: Collection, *, is_offered: bool) -> ByCollection:
    """The filter by the records in a collection."""
    target, key = collection.target, collection.columns.key

    def options() -> list[Option]:
        found = target.first(FEW_OPTIONS) if is_offered else ()
        offered = [Option(key_text(key), target.words(key, name), key) for key, name in found]
        return with_emptiness(offered)

    return ByCollection(name, label, options, key, target, is_offered, collection=collection)
