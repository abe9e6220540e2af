"""Flask-Admin's attributes of a view, read once: which columns its list, page, form and file have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboard.admin.record_view.columns import Columns, choices_of
from dashboard.admin.record_view.listing import (
    USUALLY_SHOWN,
    usual_columns,
    usual_filters,
    usual_order,
    usual_search,
)
from dashboard.database.secret_columns import is_secret


@dataclass(frozen=True)
class Declaration:
    """The attributes of `view` for a mapped class; names are those of its columns.

    A relationship to one other record stands for the column that holds its key. Raises ValueError with a line
    for a name that the class does not have.
    """

    view: Any
    columns: Columns

    def of(self, attribute: str) -> Any:
        """The value of an attribute; None where it is not set."""
        return getattr(self.view, attribute, None)

    def named(self, attribute: str) -> list[str] | None:
        """The columns that an attribute names, in its order; None where it is not set."""
        given = self.of(attribute)
        return None if given is None else [self.column(attribute, each) for each in given]

    def column(self, attribute: str, given: Any) -> str:
        """The name of a column that an attribute names, by its name or as an attribute of the class."""
        name = given if isinstance(given, str) else getattr(given, "key", str(given))
        name = self._of_relationship.get(name, name)
        if name not in self.columns.all:
            raise ValueError(
                f"{type(self.view).__name__}.{attribute} names {name}, "
                f"which is no column of {self.columns.model.__name__}."
            )
        return name

    @cached_property
    def _of_relationship(self) -> dict[str, str]:
        return {each.key: name for name, each in self.columns.references.items()}

    def _without(self, names: Iterable[str], attribute: str) -> list[str]:
        left_out = set(self.named(attribute) or ())
        return [name for name in names if name not in left_out]

    @cached_property
    def listed(self) -> list[str]:
        """The columns that the list can show, the key last."""
        names = self._without(self.named("column_list") or usual_columns(self.columns), "column_exclude_list")
        key = self.columns.key.key
        return [*names, *([] if key in names else [key])] or [key]

    @property
    def hidden(self) -> frozenset[str]:
        """The columns of the list that are shown only where they are chosen."""
        key, shown = self.columns.key.key, self.of("column_display_pk")
        names = [name for name in self.listed if name != key]
        more = [] if self.of("column_list") is not None else names[USUALLY_SHOWN:]
        is_listed = key in (self.named("column_list") or ()) or self.listed == [key]
        return frozenset([*more, *([] if shown or is_listed else [key])])

    @property
    def detailed(self) -> list[str]:
        """The columns on the page of a record."""
        listed = [name for name in self.listed if name not in self.columns.shown and name not in self.hidden]
        usual = [*self.columns.shown, *listed] or self.listed
        names = self.named("column_details_list") or usual
        return self._without(names, "column_details_exclude_list")

    @property
    def linked(self) -> list[str]:
        """The references that the list, the page or the form shows."""
        shown = {*self.listed, *self.detailed, *self.filtered, *self.typed}
        return [name for name in self.columns.references if name in shown and self.is_open(name)]

    def is_open(self, name: str) -> bool:
        """Whether a column has neither a secret nor what is none of a person's business."""
        return not is_secret(self.columns.column(name), name) and not self.columns.is_internal(name)

    @property
    def exported(self) -> list[str]:
        """The columns of a file; nothing secret, whoever names it."""
        names = self.named("column_export_list") or [self.columns.key.key, *self.columns.shown]
        kept = self._without(names, "column_export_exclude_list")
        return [name for name in kept if self.is_open(name)]

    @property
    def searched(self) -> list[str]:
        """The columns that the search looks in."""
        named = self.named("column_searchable_list")
        return usual_search(self.columns) if named is None else named

    @property
    def filtered(self) -> list[str]:
        """The columns that the list can be filtered by."""
        named = self.named("column_filters")
        return usual_filters(self.columns) if named is None else named

    def is_sortable(self, name: str) -> bool:
        """Whether the list can be sorted by a column."""
        named = self.named("column_sortable_list")
        return named is None or name in named or name == self.columns.key.key

    @property
    def sorted_by(self) -> str:
        """The column that sorts the list, with a minus where it does so downwards."""
        given = self.of("column_default_sort")
        if given is None:
            return usual_order(self.columns)
        if isinstance(given, list):
            raise ValueError(
                f"{type(self.view).__name__}.column_default_sort names several columns. Name one."
            )
        name, descending = given if isinstance(given, tuple) else (given, False)
        return f"{'-' if descending else ''}{self.column('column_default_sort', name)}"

    @property
    def editable(self) -> list[str]:
        """The columns whose cells can be edited in the list: choices that are never blank.

        Raises ValueError for another column: its cells cannot be typed in the list so far.
        """
        names = self.named("column_editable_list") or []
        if others := [name for name in names if not self._is_choice(name) or name == self.listed[0]]:
            view = type(self.view).__name__
            raise ValueError(
                f"{view}.column_editable_list names {others[0]}, which is edited in the form: "
                "the list edits choices that are never blank, but not its first column."
            )
        return [name for name in names if name in self.listed]

    def _is_choice(self, name: str) -> bool:
        column = self.columns.column(name)
        return choices_of(column.type) is not None and not column.nullable

    @property
    def typed(self) -> list[str]:
        """The columns that have a field in the form of a record."""
        named = self.named("form_columns")
        if named is not None:
            return self._without(named, "form_excluded_columns")
        usual = [name for name in self.columns.shown if not self.columns.is_derived(name)]
        return self._without(usual, "form_excluded_columns")

    @property
    def typed_when_new(self) -> list[str]:
        """The columns that have a field in the form of a new record: the key too, where nothing gives one."""
        key = self.columns.key.key
        return self.typed if key in self.typed or self._has_given_key else [key, *self.typed]

    @property
    def _has_given_key(self) -> bool:
        column: Any = self.columns.column(self.columns.key.key)
        table: Any = self.columns.mapper.local_table
        given = column.default is not None or column.server_default is not None or column.identity is not None
        return given or column is table.autoincrement_column

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of columns, where they are declared."""
        given = self.of("column_labels") or {}
        return {self._of_relationship.get(name, name): str(label) for name, label in given.items()}

    @property
    def choices(self) -> Mapping[str, Mapping[Any, str]]:
        """The labels of the values of columns."""
        return {name: dict(pairs) for name, pairs in (self.of("column_choices") or {}).items()}
