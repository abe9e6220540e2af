"""Flask-Admin's attributes of a view, read once: which columns its list, page, form and file have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboard.admin.record_view.columns import Columns
from dashboard.admin.record_view.forms.attributes import FormAttributes
from dashboard.admin.record_view.lists.filter_names import FilterNames
from dashboard.admin.record_view.lists.formatting import Formatters, checked, is_attribute, own_by_type
from dashboard.admin.record_view.lists.sorting import declared_orders
from dashboard.admin.record_view.lists.usual import (
    USUALLY_SHOWN,
    usual_collections,
    usual_columns,
    usual_facts,
    usual_order,
    usual_search,
)
from dashboard.admin.record_view.relations.path_names import leads, name_of
from dashboard.admin.record_view.relations.paths import is_dotted
from dashboard.admin.record_view.relations.related import all_relations
from dashboard.admin.record_view.wrong_names import no_column
from dashboard.database.given_keys import is_given
from dashboard.database.secret_columns import is_secret, sounds_secret

FORMATTED = {
    **dict.fromkeys(("column_list", "column_exclude_list"), "column_formatters"),
    **dict.fromkeys(("column_details_list", "column_details_exclude_list"), "column_formatters_detail"),
    **dict.fromkeys(("column_export_list", "column_export_exclude_list"), "column_formatters_export"),
}
"""The attributes that can name what is no column, each with that of its functions."""
COLLECTED = frozenset([*FORMATTED, "column_filters", "form_columns", "form_excluded_columns", "form_rules"])
"""The attributes that can name a collection of other records."""
LEFT_OUT = frozenset(
    [name for name in FORMATTED if name.endswith("exclude_list")] + ["form_excluded_columns"]
)
"""The attributes that can name what has no column, since they show nothing."""
PLACES = {
    "column_formatters": ("column_list", "column_type_formatters"),
    "column_formatters_detail": ("column_details_list", "column_type_formatters_detail"),
    "column_formatters_export": ("column_export_list", "column_type_formatters_export"),
}
"""The attributes of functions, each with the attribute of its columns and of its functions by type."""


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
        place = f"{type(self.view).__name__}.{attribute}"
        name = name_of(place, self.columns.model, given)
        name = self._of_relationship.get(name, name)
        is_collection = attribute in COLLECTED and name in self.columns.collections
        is_related = attribute in FORMATTED and name in self.columns.related
        is_left_out = attribute in LEFT_OUT and name in self.columns.mapper.attrs
        known = name in self.columns.all or is_collection or is_related or is_left_out
        known = known or self._is_made(FORMATTED.get(attribute), name)
        if not (known or leads(place, self.columns.model, name)):
            given = name if hasattr(given, "parent") else given
            raise ValueError(no_column(place, self.columns.mapper, given, can_be_made=attribute in FORMATTED))
        return name

    def _is_made(self, attribute: str | None, name: str) -> bool:
        """Whether a name that is no column can be shown: by a function, or as a property of the class."""
        if attribute is None:
            return False
        return name in self._functions(attribute) or is_attribute(self.columns.model, name)

    def _is_shown(self, attribute: str, name: str) -> bool:
        its = self.columns
        return name in its.all or its.leads_to_others(name) or self._is_made(attribute, name)

    def _functions(self, attribute: str) -> Mapping[str, Any]:
        """The functions of a place; those of the list where it has none of its own."""
        own = self.of(attribute)
        return (self.of("column_formatters") if own is None else own) or {}

    def formatters(self, attribute: str) -> Formatters:
        """The functions that show columns in the list, on the page of a record, or in a file.

        Raises ValueError for a name that is no column and that nothing shows.
        """
        named, by_type = PLACES[attribute]
        functions = {
            self._of_relationship.get(str(name), str(name)): (
                str(name),
                checked(self.view, attribute, str(name), each),
            )
            for name, each in self._functions(attribute).items()
        }
        for name in functions:
            self._refuse_unshown(attribute, name)
        names = {"column_list": self.listed, "column_details_list": self.detailed}.get(named, self.exported)
        its = self.columns
        made = [n for n in names if not (n in its.all or its.leads_to_others(n) or is_dotted(its, n))]
        plain = {name: (name, lambda _view, _context, model, name: getattr(model, name)) for name in made}
        return Formatters(self.view, {**plain, **functions}, [*own_by_type(self.view, by_type)])

    def _refuse_unshown(self, attribute: str, name: str) -> None:
        shown = [each for place, _ in PLACES.values() for each in map(str, self.of(place) or ())]
        if name not in self.columns.all and name not in shown and not hasattr(self.columns.model, name):
            self.column(attribute, name)

    @property
    def read_along(self) -> list[str]:
        """The relationships that have a function, which reads them."""
        named = [name for attribute in PLACES for name in self._functions(attribute)]
        return [name for name in dict.fromkeys(named) if name in self.columns.mapper.relationships]

    @cached_property
    def _of_relationship(self) -> dict[str, str]:
        return {each.key: name for name, each in self.columns.references.items()}

    def _without(self, names: Iterable[str], attribute: str) -> list[str]:
        left_out = set(self.named(attribute) or ())
        return [name for name in names if name not in left_out]

    @cached_property
    def listed(self) -> list[str]:
        """The columns that the list can show, the key last."""
        usual = [*usual_columns(self.columns, self.of("files")), *self._relations]
        names = self._without(self.named("column_list") or usual, "column_exclude_list")
        return [*names, *(key for key in self.columns.key_names if key not in names)]

    @property
    def _relations(self) -> list[str]:
        """The relationships that the list and the page have where the view names no columns."""
        has_all = self.of("column_display_all_relations")
        return (all_relations if has_all else usual_collections)(self.columns)

    @property
    def hidden(self) -> frozenset[str]:
        """The columns of the list that are shown only where they are chosen."""
        keys, shown = self._hidden_keys, self.of("column_display_pk")
        names = [name for name in self.listed if name not in keys]
        usual = [name for name in names if not self.columns.leads_to_others(name)][:USUALLY_SHOWN]
        usual += self._relations if self.of("column_display_all_relations") else []
        more = [] if self.of("column_list") is not None else [name for name in names if name not in usual]
        is_listed = not {*keys}.isdisjoint(self.named("column_list") or ()) or self.listed == keys
        return frozenset([*more, *([] if shown or is_listed else keys)])

    @property
    def _hidden_keys(self) -> list[str]:
        """The key where a list shows it only to those who choose it."""
        keys = self.columns.key_names
        return keys if len(keys) == 1 else []

    @property
    def detailed(self) -> list[str]:
        """The columns on the page of a record."""
        listed = [name for name in self.listed if name not in self.columns.shown and name not in self.hidden]
        made = [name for name in listed if self._is_shown("column_formatters_detail", name)]
        facts = usual_facts(self.columns, self._functions("column_formatters_detail"))
        usual = [*dict.fromkeys([*facts, *self._relations, *made])] or self.listed
        return self._without(self.named("column_details_list") or usual, "column_details_exclude_list")

    @property
    def linked(self) -> list[str]:
        """The references and collections that the list, the page or the form shows."""
        shown = {*self.listed, *self.detailed, *self.filters.offered, *self.typed}
        references = [name for name in self.columns.references if name in shown and self.is_open(name)]
        return [*references, *(name for name in self.columns.collections if name in shown)]

    def is_open(self, name: str) -> bool:
        """Whether a column has neither a secret nor what is none of a person's business."""
        return not is_secret(self.columns.column(name), name) and not self.columns.is_internal(name)

    @property
    def exported(self) -> list[str]:
        """The columns of a file; nothing secret, whoever names it."""
        usual = dict.fromkeys([*self.columns.key_names, *self.columns.shown])
        names = self.named("column_export_list") or [*usual]
        kept = self._without(names, "column_export_exclude_list")
        return [name for name in kept if self._may_be_exported(name)]

    def _may_be_exported(self, name: str) -> bool:
        return self.is_open(name) if name in self.columns.all else not sounds_secret(name)

    @property
    def searched(self) -> list[str]:
        """The columns that the search looks in."""
        named = self.named("column_searchable_list")
        return usual_search(self.columns) if named is None else named

    @property
    def filters(self) -> FilterNames:
        """The columns that the list can be filtered by."""
        counted = self.of("column_counted")
        counted = None if counted is None else self.column("column_counted", counted)
        return FilterNames(self.columns, self.named("column_filters"), counted)

    def is_sortable(self, name: str) -> bool:
        """Whether the list can be sorted by a column."""
        named = self._sortable
        return named is None or name in named or name in self.columns.key_names

    @property
    def orders(self) -> Mapping[str, str]:
        """The columns that are sorted by another, or by one of other records, each with what sorts it."""
        sortable = (self._sortable or {}).items()
        return {name: by for name, by in sortable if by != name or is_dotted(self.columns, by)}

    @cached_property
    def _sortable(self) -> Mapping[str, str] | None:
        return declared_orders(self.view, self.column, self.listed)

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
        column = self.column("column_default_sort", name)
        if is_dotted(self.columns, column) and column not in self.orders:
            place = f"{type(self.view).__name__}.column_default_sort"
            raise ValueError(f"{place} names {column}. Name it in column_list and column_sortable_list too.")
        return f"{'-' if descending else ''}{column}"

    @property
    def typed(self) -> list[str]:
        """The columns that have a field in the form of a record: not the key, which never changes."""
        parts = self.form.rules_of_change
        names = self._named_for_forms if parts is None else self.form.columns_in(parts)
        return [name for name in names if name not in self.columns.key_names]

    @property
    def _named_for_forms(self) -> list[str]:
        named = self.form.typed_by_name
        if named is not None:
            return self._without(named, "form_excluded_columns")
        columns = [name for name in self.columns.shown if not self.columns.is_derived(name)]
        usual = [*columns, *usual_collections(self.columns)]
        return self._without(usual, "form_excluded_columns")

    @property
    def typed_when_new(self) -> list[str]:
        """The columns that have a field in the form of a new record: the key too, where nothing gives one."""
        if self.form.rules_of_creation is not None:
            return self.form.columns_in(self.form.rules_of_creation)
        names = self._named_for_forms
        if self.form.rules_of_change is not None:
            names = self.typed
        keys = self.columns.key_names
        return [*(key for key in keys if key not in names and not self._is_given(key)), *names]

    def _is_given(self, key: str) -> bool:
        mapper = self.columns.mapper  # that of a joined table is given by the table of its base
        [column] = (each for each in mapper.primary_key if mapper.get_property_by_column(each).key == key)
        return is_given(column)

    @cached_property
    def form(self) -> FormAttributes:
        """The attributes of forms."""
        return FormAttributes(self.view, self.columns, self.column)

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of columns, where they are declared."""
        given = self.of("column_labels") or {}
        names = {name: self._labelled(name) for name in given}
        return {names[name]: str(label) for name, label in given.items()}

    def _labelled(self, given: Any) -> str:
        place = f"{type(self.view).__name__}.column_labels"
        name = name_of(place, self.columns.model, given)
        if is_dotted(self.columns, name) and not leads(place, self.columns.model, name):
            self.column("column_labels", given)
        return self._of_relationship.get(name, name)

    @property
    def choices(self) -> Mapping[str, Mapping[Any, str]]:
        """The labels of the values of columns."""
        return {name: dict(pairs) for name, pairs in (self.of("column_choices") or {}).items()}
