"""Columns of other records, by dotted names: ``supplier.country.name`` of a product.

Each is read in subqueries and not in joins, so that a row stands once in a list whatever it refers to. A user
who may not see one of the records on the way sees neither its value nor which rows have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, cast, false, func, null, or_, select, union_all
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty, aliased

from dashboard.admin.record_view.columns import Attribute, Columns, mapped_columns, refuse_unmapped
from dashboard.admin.record_view.relations.targets import is_restricted
from dashboard.database.secret_columns import is_secret
from dashboard.history.usual import label_of
from dashboard.permissions import Access
from dashboard.registry import Record, registry

DOT = "."
CACHED_PATHS = 256
"""Conditions on other records, each made once for each value, as those of the list's own columns."""


@dataclass(frozen=True)
class Path:
    """The column ``column`` of the records that those of ``model`` lead to by ``relationships``, in order."""

    model: type[Any]
    name: str
    relationships: tuple[RelationshipProperty[Any], ...]
    column: str

    @property
    def target(self) -> Columns:
        """The columns of the last class."""
        return mapped_columns(self.relationships[-1].mapper.class_)

    @property
    def label(self) -> str:
        """The label where the view declares no other: ``Supplier city``."""
        return label_of(self.name.replace(DOT, "_"))

    @cached_property
    def entities(self) -> tuple[Any, ...]:
        """The class of each relationship, as an alias of its own."""
        return tuple(aliased(each.mapper.class_) for each in self.relationships)

    @cached_property
    def attribute(self) -> Attribute:
        """The column itself, as conditions of `holding` name it."""
        found: Attribute = getattr(self.entities[-1], self.column)
        return found

    @property
    def is_to_one(self) -> bool:
        """Whether a record leads to one other at most."""
        return all(each.direction is RelationshipDirection.MANYTOONE for each in self.relationships)

    @property
    def is_restricted(self) -> bool:
        """Whether some users who see the console may not see all records on the way."""
        return any(is_restricted(each.mapper.class_) for each in self.relationships)

    @property
    def is_readable(self) -> bool:
        """Whether the current user may see the kinds on the way."""
        return all(record.allows(Access.READ) for record in self._records)

    @property
    def _records(self) -> list[Record]:
        found = (registry().find(each.mapper.class_) for each in self.relationships)
        return [record for record in found if record is not None]

    @property
    def to_title(self) -> Path:
        """The path to the name of the record, where this one ends at the key of another."""
        reference = self.target.references.get(self.column)
        if reference is None:
            return self
        title = mapped_columns(reference.mapper.class_).title.key
        return Path(self.model, self.name, (*self.relationships, reference), title)

    def holding(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """The condition for rows that lead to a record which meets `condition`, of those the user may see."""
        seen = self._seen()
        return self.leading_to(condition, *seen) if seen else _leading_to(self, condition)

    def lacking(self, is_filled: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
        """The condition for rows that lead to no value, or to no record that `is_filled` if that is given."""
        found = ~self.holding(self._is_filled if is_filled is None else is_filled)
        return found if self._own_key is None else or_(self._own_key.is_(None), found)

    @cached_property
    def _is_filled(self) -> ColumnElement[bool]:
        found: ColumnElement[bool] = self.attribute.is_not(None)
        return found

    def value(self) -> ColumnElement[Any]:
        """The value that a row leads to, as an expression of a statement over the class; only of one record.

        NULL where there is none that the user may see.
        """
        row = mapped_columns(self.model).key if self._own_key is None else self._own_key
        start, found = self._start(self.attribute)
        return found.where(start == row, *self._seen()).correlate(self.model).scalar_subquery()

    def count_among(self, keys: Select[Any]) -> CompoundSelect[Any]:
        """The values that the rows with these keys lead to, as far as the user may see, with their numbers.

        A row that leads to several values is counted for each, and one without a value for NULL.
        """
        entity, key = aliased(self.model), mapped_columns(self.model).key
        row = getattr(entity, key.key)
        held = select(self.attribute, func.count(row.distinct())).select_from(entity)
        for step, before, after in zip(
            self.relationships, (entity, *self.entities), self.entities, strict=False
        ):
            held = held.join(getattr(before, step.key).of_type(after))
        held = held.where(row.in_(keys), self._is_filled, *self._seen()).group_by(self.attribute)
        empty = select(cast(null(), self.attribute.type), func.count()).select_from(self.model)
        return union_all(held, empty.where(key.in_(keys), self.lacking()))

    @cached_property
    def _own_key(self) -> Attribute | None:
        """The column of the class that holds the key of the first record; None where another table does."""
        columns = mapped_columns(self.model)
        found = [name for name, each in columns.references.items() if each is self.relationships[0]]
        return columns.all[found[0]] if found else None

    def leading_to(self, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """The condition for rows that lead to a record which meets all `conditions`, whoever may see it."""
        row = mapped_columns(self.model).key if self._own_key is None else self._own_key
        _, found = self._start()
        condition: ColumnElement[bool] = row.in_(found.where(*conditions).correlate(None))
        return condition

    def _start(self, *columns: Any) -> tuple[Any, Select[Any]]:
        """The key that the way begins with, and a statement over the way."""
        first, *others = self.entities
        names = [each.key for each in self.relationships]
        if self._own_key is None:
            entity = aliased(self.model)
            start: Any = getattr(entity, mapped_columns(self.model).key.key)
            found = select(*columns or (start,)).select_from(entity)
            found = found.join(getattr(entity, names[0]).of_type(first))
        else:
            start = getattr(first, mapped_columns(self.relationships[0].mapper.class_).key.key)
            found = select(*columns or (start,)).select_from(first)
        for name, before, entity in zip(names[1:], self.entities, others, strict=False):
            found = found.join(getattr(before, name).of_type(entity))
        return start, found

    def _seen(self) -> list[ColumnElement[bool]]:
        """The conditions that leave out the records on the way that the current user may not see."""
        if not self.is_readable:
            return [false()]
        pairs = zip(self.relationships, self.entities, strict=True)
        found = (_within_scope(each.mapper.class_, entity) for each, entity in pairs)
        return [condition for condition in found if condition is not None]


def _within_scope(model: type[Any], entity: Any) -> ColumnElement[bool] | None:
    record, key = registry().find(model), mapped_columns(model).key
    scope = record.scope() if record is not None else ()
    if not scope:
        return None
    condition: ColumnElement[bool] = getattr(entity, key.key).in_(select(key).where(*scope))
    return condition


@lru_cache(maxsize=CACHED_PATHS)
def _leading_to(path: Path, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return path.leading_to(condition)


def path_of(model: type[Any], name: str) -> Path | None:
    """The path that a dotted name stands for, None where the classes have no such attributes.

    One that ends with a relationship ends at the keys of its records. Raises ValueError for a secret, and for
    a class whose records have no screen.
    """
    return _found(model, name)  # type: ignore[arg-type]  # a class can be looked up


@cache
def _found(model: Any, name: str) -> Path | None:
    *steps, last = name.split(DOT)
    found, columns = list[RelationshipProperty[Any]](), mapped_columns(model)
    for step in steps:
        if step not in columns.mapper.relationships:
            return None
        found.append(columns.mapper.relationships[step])
        columns = _columns_of(found[-1])
    by_relationship = {each.key: column for column, each in columns.references.items()}
    last = by_relationship.get(last, last)
    if last in columns.mapper.relationships:
        found.append(columns.mapper.relationships[last])
        columns = _columns_of(found[-1])
        last = str(columns.key.key)
    if not steps or last not in columns.all:
        return None
    if is_secret(columns.column(last), last):
        raise ValueError(f"{columns.model.__name__}.{last} is secret.")
    return Path(model, name, tuple(found), last)


def _columns_of(relationship: RelationshipProperty[Any]) -> Columns:
    refuse_unmapped(relationship.mapper.class_)
    return mapped_columns(relationship.mapper.class_)


def is_dotted(columns: Columns, name: str) -> bool:
    """Whether a name is that of a column of other records; one of the class itself may have a dot, too."""
    return DOT in name and name not in columns.all


def dotted(model: type[Any], attribute: Any) -> str | None:
    """The dotted name of an attribute of another class, such as ``Supplier.city`` for products.

    None for an attribute of the class itself, and for one that is no mapped attribute. Raises ValueError
    unless exactly one relationship leads to its class.
    """
    columns, other = mapped_columns(model), getattr(attribute, "parent", None)
    mapper = getattr(other, "mapper", None)
    if mapper is None or columns.mapper.isa(mapper):
        return None
    leading = [each.key for each in columns.mapper.relationships if each.mapper.isa(mapper)]
    name = mapper.class_.__name__
    if not leading:
        raise ValueError(f"No relationship of {model.__name__} leads to {name}.")
    if len(leading) > 1:
        names = " or ".join(f"{each}.{attribute.key}" for each in sorted(leading))
        raise ValueError(f"Several relationships lead to {name}: name {names}.")
    return f"{leading[0]}.{attribute.key}"
