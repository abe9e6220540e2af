"""The orders of a list by other columns than those that it shows, as Flask-Admin's pairs declare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import aliased

from dashboard.admin.record_view.columns import Attribute, Columns, is_orderable
from dashboard.admin.record_view.relations.paths import Path, is_dotted, path_of
from dashboard.listing.columns import Column


@dataclass(frozen=True, eq=False)
class Orders:
    """The column that sorts each, by the names of both; the list joins the tables that it is sorted by."""

    columns: Columns
    by_name: Mapping[str, str]
    view: Any = None

    @cached_property
    def _paths(self) -> Mapping[str, Path]:
        found = ((name, path_of(self.columns.model, by)) for name, by in self.by_name.items())
        return {name: path.to_title for name, path in found if path is not None}

    @cached_property
    def _entities(self) -> Mapping[tuple[Any, ...], Any]:
        """The tables that are joined, each as an alias, by the relationships that lead there."""
        ways = (path.relationships[:end] for path in self._paths.values() for end in _ends(path))
        return {way: aliased(way[-1].mapper.class_) for way in dict.fromkeys(ways)}

    @cached_property
    def joins(self) -> Sequence[Any]:
        """The relationships to read along, each from the class or from an alias joined before."""
        return [
            getattr(self._entities.get(way[:-1], self.columns.model), way[-1].key).of_type(entity)
            for way, entity in self._entities.items()
        ]

    def sorted(self, column: Column) -> Column:
        """A column with what sorts it; raises ValueError where not all users may see that."""
        if column.name not in self.by_name:
            return column
        path = self._paths.get(column.name)
        if path is not None and path.is_restricted:
            self._refuse(column.name, "Not every user may see these records.")
        read = self._read(column.name)
        if not is_orderable(read.type):
            self._refuse(column.name, "Its type has no order.")
        return replace(column, sorted_by=read, sortable=True)

    def _read(self, name: str) -> Attribute:
        path = self._paths.get(name)
        if path is None:
            return self.columns.all[self.by_name[name]]
        found: Attribute = getattr(self._entities[path.relationships], path.column)
        return found

    def _refuse(self, name: str, reason: str) -> None:
        place = f"{type(self.view).__name__}.column_sortable_list"
        raise ValueError(f"{place} names {self.by_name[name]}. {reason}")


def _ends(path: Path) -> range:
    return range(1, len(path.relationships) + 1)


def declared_orders(
    view: Any, column: Callable[[str, Any], str], listed: Sequence[str]
) -> Mapping[str, str] | None:
    """The columns in ``column_sortable_list``, each with what sorts it; None where it is not set.

    `column` gives the name of a column that an attribute has. Raises ValueError for several columns, and for
    a pair or a column of other records whose first name is not `listed`.
    """
    given = view.column_sortable_list
    if given is None:
        return None
    place, found = f"{type(view).__name__}.column_sortable_list", dict[str, str]()
    for each in given:
        name, by = each if _is_pair(each) else (each, each)
        if isinstance(by, tuple | list):
            raise ValueError(f"{place} sorts {name} by several columns. Name one.")
        by = column("column_sortable_list", by)
        name = by if not _is_pair(each) else column("column_list", name)
        if (_is_pair(each) or is_dotted(view.columns, by)) and name not in listed:
            raise ValueError(f"{place} names {name}, which is not in column_list.")
        found[name] = by
    return found


def _is_pair(each: Any) -> bool:
    return isinstance(each, tuple | list) and len(each) == len(("column", "by"))
