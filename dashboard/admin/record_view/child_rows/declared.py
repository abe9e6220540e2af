"""Reads ``inline_models``: which records are edited in the form of those that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_admin.model.form import InlineFormAdmin
from sqlalchemy import Column, inspect
from sqlalchemy.orm import RelationshipProperty

from dashboard.admin.record_view.child_rows.rows import Children
from dashboard.admin.record_view.columns import mapped_columns, refuse_unmapped, small_words
from dashboard.history.usual import label_of
from dashboard.registry import kind_of

OPTIONS = frozenset(
    [
        "column_labels",
        "column_descriptions",
        "form_args",
        "form_columns",
        "form_excluded_columns",
        "form_label",
        "form_widget_args",
        "reference",
    ]
)
"""The options of an entry; all but ``form_label`` and ``reference`` as of a view."""
OWN = ("form_label", "reference")


@dataclass(frozen=True)
class InlineModel:
    """One entry of ``inline_models`` of `view`: a class, or a class with options.

    Raises ValueError for an option that is not honoured, and a class that does not refer to that of the view
    by one column.
    """

    view: Any
    model: type[Any]
    options: Mapping[str, Any]

    def __post_init__(self) -> None:
        refuse_unmapped(self.model, has_own_screen=False)
        if unknown := sorted(self.options.keys() - OPTIONS):
            raise ValueError(f"{self._place} has the option {unknown[0]}, which is not supported.")
        self.reference  # noqa: B018 - raises where there is none, before anything is made

    @property
    def _place(self) -> str:
        return f"{type(self.view).__name__}.inline_models names {self.model.__name__}, which"

    @cached_property
    def _targets(self) -> Mapping[str, Column[Any]]:
        """The columns of the rows that refer to the table of the record, each with the column referred to."""
        columns = mapped_columns(self.model)
        there = {f"{each.table.fullname}.{each.name}": each for each in inspect(self.view.model).columns}
        found = {
            name: there.get(key.target_fullname)
            for name in columns.all
            for key in columns.column(name).foreign_keys
        }
        return {name: target for name, target in found.items() if target is not None}

    @property
    def reference(self) -> str:
        """The column of the rows that refers to the record."""
        named, found = self.options.get("reference"), [*self._targets]
        if named is not None:
            its = mapped_columns(self.model).references
            found = [name for name in found if named == name or (name in its and its[name].key == named)]
        if len(found) != 1:
            which = "does not refer" if not found else "refers by several columns"
            raise ValueError(f"{self._place} {which} to {self.view.model.__name__}.")
        return found[0]

    @property
    def target(self) -> Any:
        """The column of the record that its rows refer to, as an attribute of the class."""
        return inspect(self.view.model).get_property_by_column(self._targets[self.reference]).class_attribute

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes of the screen of the rows."""
        return {name: value for name, value in self.options.items() if name not in OWN}

    def children(self, view: Any, *, is_made: bool) -> Children:
        """The rows, whose screen is `view`; `is_made` says that it was made for them.

        Raises ValueError where no column has a field in them.
        """
        names, new_names = self._names(view, view.flow.names), self._names(view, view.flow.new_names)
        if not names and not new_names:
            raise ValueError(f"{self._place} has no field for its rows.")
        target = self._targets[self.reference]
        collection = self._collection((target, mapped_columns(self.model).column(self.reference)))
        label = self.options.get("form_label") or (label_of(collection.key) if collection else view.name)
        return Children(
            view,
            collection.key if collection else small_words(kind_of(self.model)),
            str(label),
            self.reference,
            self.target.key,
            names,
            new_names,
            [name for name in new_names if name in self._typed_keys(view)],
            [*((collection and collection.order_by) or ()), *_parts_of_key(view)],
            is_made,
        )

    def _names(self, view: Any, typed: Sequence[str]) -> list[str]:
        """The columns with a field in a row, of those with one in a form of its screen."""
        left_out = {self.reference, *self._columns(view, "form_excluded_columns")}
        typed = [name for name in typed if name in view.columns.all]
        named = self._columns(view, "form_columns") or typed
        return [name for name in named if name in typed and name not in left_out]

    def _typed_keys(self, view: Any) -> Sequence[str]:
        """The parts of a key of several columns that are typed in a row."""
        names = view.columns.key_names
        return [name for name in names if name != self.reference] if len(names) > 1 else []

    def _columns(self, view: Any, option: str) -> list[str]:
        return [view.declared.column(option, name) for name in self.options.get(option) or ()]

    def refuse_other_screen(self) -> None:
        """Raise ValueError for an option that the own screen of the class says instead."""
        if others := sorted(self.options.keys() - {*OWN, "form_columns", "form_excluded_columns"}):
            raise ValueError(f"{self._place} has a screen of its own: declare {others[0]} there.")

    def _collection(self, pair: Any) -> RelationshipProperty[Any] | None:
        """The collection of the parent that has these rows, if it has one."""
        for each in inspect(self.view.model).relationships:
            if each.mapper.class_ is self.model and pair in (each.local_remote_pairs or []):
                found: RelationshipProperty[Any] = each
                return found
        return None


def _parts_of_key(view: Any) -> list[Any]:
    """The columns of the key: as one text it would have the number 10 before 2."""
    return [view.columns.all[name] for name in view.columns.key_names]


def inline_models_of(view: Any) -> Sequence[InlineModel]:
    """The entries of ``inline_models`` of a view."""
    return [InlineModel(view, *_read(view, each)) for each in view.inline_models or ()]


def _read(view: Any, entry: Any) -> tuple[type[Any], Mapping[str, Any]]:
    if isinstance(entry, InlineFormAdmin):
        return entry.model, dict(_said(entry))
    if isinstance(entry, tuple | list) and len(entry) == 2:
        return entry[0], dict(entry[1])
    if isinstance(entry, type):
        return entry, {}
    raise ValueError(f"{type(view).__name__}.inline_models has {entry!r}, which is no class.")


def _said(entry: InlineFormAdmin) -> Iterator[tuple[str, Any]]:
    """The options that an object of Flask-Admin has, in its class or in itself."""
    said = {name: value for each in reversed(type(entry).__mro__) for name, value in vars(each).items()}
    for name, value in {**said, **vars(entry)}.items():
        is_own = value is not getattr(InlineFormAdmin, name, None)
        if is_own and value is not None and not name.startswith("_") and name != "model":
            yield name, value
