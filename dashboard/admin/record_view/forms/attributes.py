"""Flask-Admin's attributes of the forms of a view, read once: choices, classes of fields, rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import JSON
from wtforms import SelectField

from dashboard.admin.record_view.columns import Columns
from dashboard.admin.record_view.forms.overrides import (
    NO_FILE,
    Choices,
    extra_field,
    overriding,
    own_choices,
    takes_file,
)
from dashboard.admin.record_view.forms.own_values import own_value
from dashboard.admin.record_view.forms.rules import Part, parts_of
from dashboard.database.types import inner_type, python_type

USUAL = ("label", "description", "validators", "filters", "default")
"""The arguments of any field; the others are those of its class."""


@dataclass(frozen=True)
class FormAttributes:
    """The attributes of the forms of `view`.

    ``column_named(attribute, name)`` finds a column; it raises ValueError where there is none.
    """

    view: Any
    columns: Columns
    column_named: Callable[[str, Any], str]

    @property
    def typed_by_name(self) -> list[str] | None:
        """The columns that ``form_columns`` names; None where it is not set."""
        given = self.view.form_columns
        names = None if given is None else [each for each in given if each not in self.extra]
        return None if names is None else [self.column_named("form_columns", each) for each in names]

    @cached_property
    def rules_of_change(self) -> list[Part] | None:
        """The parts of the form of a record, where they are declared."""
        own = parts_of(self.view, "form_edit_rules")
        return parts_of(self.view, "form_rules") if own is None else own

    @cached_property
    def rules_of_creation(self) -> list[Part] | None:
        """The parts of the form of a new record, where they are declared."""
        own = parts_of(self.view, "form_create_rules")
        return parts_of(self.view, "form_rules") if own is None else own

    def columns_in(self, parts: Sequence[Part]) -> list[str]:
        """The columns that have a field in these parts of a form."""
        names = [part.name for part in parts if part.name and part.name not in self.extra]
        return [self.column_named("form_rules", name) for name in names]

    @cached_property
    def together(self) -> list[list[str]]:
        """The fields of each row that has several."""
        named = self.view.form_together or ()
        if any(isinstance(names, str) for names in named):
            raise ValueError(f"{type(self.view).__name__}.form_together has to be a list of lists of names.")
        return [[self.column_named("form_together", name) for name in names] for names in named]

    @cached_property
    def beside(self) -> list[str]:
        """The fields that stand beside the others."""
        named = self.view.form_beside or ()
        if isinstance(named, str):
            raise ValueError(f"{type(self.view).__name__}.form_beside has to be a list of names.")
        return [self.column_named("form_beside", name) for name in named]

    def field(self, name: str) -> str:
        """The name of a field for a name in a rule: a relationship stands for its column."""
        references = self.columns.references.items()
        return next((column for column, each in references if each.key == name), name)

    def laid_out(self, parts: Sequence[Part] | None) -> list[Part]:
        """The parts with the names of fields."""
        return [replace(part, name=self.field(part.name)) for part in parts or ()]

    def in_order(self, names: list[str], parts: Sequence[Part] | None) -> list[str]:
        """The fields of a form: columns, and fields that are no columns where they are named."""
        given = self.view.form_columns if parts is None else [part.name for part in parts if part.name]
        if given is None:
            return [*names, *self.extra]
        known = {*names, *self.extra}
        order = [self.field(name) for name in (getattr(e, "key", e) for e in given)]
        return [*(name for name in names if name not in order), *(name for name in order if name in known)]

    @cached_property
    def extra(self) -> Mapping[str, Any]:
        """The fields of the form that are no columns."""
        given = self.view.form_extra_fields or {}
        return {name: extra_field(self.view, self.columns, name, each) for name, each in given.items()}

    @property
    def own_fields(self) -> Mapping[str, type[Any]]:
        """The classes of fields, where they are declared; raises ValueError for one that cannot be."""
        given = (self.view.form_overrides or {}).items()
        named = {self.column_named("form_overrides", name): field for name, field in given}
        return {name: self._own_field(name, field) for name, field in named.items()}

    def _own_field(self, name: str, given: Any) -> type[Any]:
        column = self.columns.column(name)
        kind = inner_type(column.type)
        line = f"{type(self.view).__name__}.form_overrides has {getattr(given, '__name__', given)} for {name}"
        if isinstance(given, type) and takes_file(given):
            place = f"{type(self.view).__name__}.form_overrides"
            raise ValueError(f"{place} has a {given.__name__} for {name}, {NO_FILE}")
        if name in self.columns.references:
            raise ValueError(f"{line}, which refers to another record. Leave it out.")
        options = {k: v for k, v in (self.view.form_args or {}).get(name, {}).items() if k not in USUAL}
        found = overriding(given, kind) or own_value(given, kind, bool(column.nullable), options)
        if found is None:
            raise ValueError(f"{line}. {_instead(given, column)}")
        return found

    @property
    def own_choices(self) -> Mapping[str, Choices]:
        """The values to choose from in the form, where they are declared; raises ValueError for others."""
        found = {}
        for given, pairs in (self.view.form_choices or {}).items():
            name = self.column_named("form_choices", given)
            try:
                found[name] = own_choices(self.columns, name, pairs)
            except (TypeError, ValueError, AttributeError, ArithmeticError):
                line = f"{type(self.view).__name__}.form_choices for {name}"
                raise ValueError(f"{line} has to be pairs of a value of this column and a label.") from None
        return found


def _instead(given: Any, column: Any) -> str:
    """Say which classes of fields a column takes."""
    if isinstance(given, type) and issubclass(given, SelectField):
        return "Use form_choices."
    kind = inner_type(column.type)
    values = "JSON" if isinstance(kind, JSON) else python_type(kind).__name__
    either = f"{values} or None" if column.nullable else values
    return f"Use a field whose data is {either} and that sends it as one text."
