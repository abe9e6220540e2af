"""`RecordView`: the screen of any mapped class, with the attributes that Flask-Admin's users know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from flask import current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement
from sqlalchemy.orm.base import instance_state

from dashboard.admin.features.bulk_actions import BulkActions
from dashboard.admin.features.edit import Edit
from dashboard.admin.features.export import Export
from dashboard.admin.features.inline import CellInput, Inline
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.features.timeline import History
from dashboard.admin.features.trash import Trash
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.screen import Screen
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.bulk import RecordBulkEdit
from dashboard.admin.record_view.columns import (
    choices_of,
    mapped_columns,
    nouns_of,
    refuse_unmapped,
    small_words,
    title_of_all,
)
from dashboard.admin.record_view.converter import FormSource, form_of
from dashboard.admin.record_view.declaration import Declaration
from dashboard.admin.record_view.deletion import DeleteHeld
from dashboard.admin.record_view.facts import fact_of
from dashboard.admin.record_view.flow import RecordFlow
from dashboard.admin.record_view.listing import ListSource, listing_of
from dashboard.admin.record_view.reference import is_restricted
from dashboard.admin.record_view.vocabulary import refuse_unknown
from dashboard.extensions import db
from dashboard.history.usual import label_of, usual_recorded
from dashboard.listing.state import Listing
from dashboard.permissions import Access, Permission
from dashboard.registry import Record, Values, kind_of
from dashboard.trash.kinds import Trashable
from dashboard.trash.reverting import RecordReverting
from dashboard.web.forms import add_made

SWITCHES = {
    "create_view": "can_create",
    **dict.fromkeys(("edit_view", "editing_view", "cell_view"), "can_edit"),
}
"""The attributes that switch view functions off."""


class RecordView(Screen):
    """The screen of a mapped class, a ``flask_admin.contrib.sqla.ModelView``.

    ``RecordView(Model, name="Suppliers", category="Catalogue")`` shows every column but keys and secrets, and
    has a form of them. The attributes of ``ModelView`` say more. Own ones are ``singular``, the noun for one
    record, ``roles``, ``listing`` and ``empty_text``.

    Raises ValueError for an attribute that is not honoured, a name that is no column, and a class without a
    table, with a key of several columns or in another database.
    """

    can_export = True
    singular = ""
    empty_text = ""
    reverting: RecordReverting
    listing: Listing = None  # type: ignore[assignment]  # made of the model where a class has no own

    def __init__(
        self,
        model: type[Any],
        session: Any = None,  # noqa: ARG002 - Flask-Admin's signature
        name: str | None = None,
        **options: Any,
    ) -> None:
        refuse_unknown(type(self), RecordView)
        refuse_unmapped(model)
        self.model, self.columns = model, mapped_columns(model)
        self.declared = Declaration(self, self.columns)
        self.singular = self.singular or nouns_of(model)
        options.setdefault("endpoint", small_words(kind_of(model)))
        self.own_query = self._own_query()
        if self.listing is None:
            self.listing = listing_of(self._list_source())
        self.edit_form_class = self._form(self.declared.typed)
        self.new_form_class = self._form(self.declared.typed_when_new)
        self.recorded = usual_recorded(model)
        self.reverting = RecordReverting(model)
        self.trash = Trashable(model, title=self.listing.title.key)
        self.flow = RecordFlow(self)
        self.features = type(self).features or tuple(self._usual_features())
        super().__init__(model, db, name or title_of_all(self.singular), **options)
        self.session = writing.ConsoleSession()

    # The list.

    def settle(self) -> None:
        """Do what has to wait until every kind is added.

        The list reads the names of other records only where every user may see these records.
        """
        many = self.feature(RecordBulkEdit)
        add_made([self.edit_form_class, self.new_form_class, *([many.form] if many else [])])
        if type(self).listing is None:
            references = self.columns.references.items()
            unnamed = [name for name, each in references if is_restricted(each.mapper.class_)]
            self.listing = listing_of(replace(self._list_source(), unnamed=frozenset(unnamed)))

    def _list_source(self) -> ListSource:
        declared = self.declared
        return ListSource(
            self.columns,
            declared.listed,
            declared.searched,
            declared.filtered,
            declared.sorted_by,
            declared.exported,
            self.scope,
            declared.is_sortable,
            declared.labels,
            declared.choices,
            declared.hidden,
            linked=declared.linked,
        )

    def _own_query(self) -> Callable[[], Any] | None:
        """The method ``get_query`` of the class, where it has one: it says which records may be seen."""
        own = type(self).get_query
        return None if own is RecordView.get_query else lambda: own(self)

    def get_query(self) -> Any:
        """The query for all records, which a class narrows to those that the current user may see."""
        return self.session.query(self.model)

    def scope(self) -> list[ColumnElement[bool]]:
        """The conditions that leave the records which the current user may see; asked once a request."""
        if self.own_query is None:
            return []
        scopes: dict[str, list[ColumnElement[bool]]] = g.setdefault("record_view_scopes", {})
        if self.endpoint not in scopes:
            scopes[self.endpoint] = self._conditions(self.own_query())
        return scopes[self.endpoint]

    def _conditions(self, query: Any) -> list[ColumnElement[bool]]:
        statement = getattr(query, "statement", query)
        keys = statement.with_only_columns(self.columns.key, maintain_column_froms=True).order_by(None)
        return [self.columns.key.in_(keys)]

    @cached_property
    def record(self) -> Record:
        """The kind of record, with who sees which of its records."""
        if self.own_query is None:
            return super().record
        return replace(super().record, scope=self.scope, sees_all=lambda: False)

    def access_to(self, view_function: str) -> Access | Permission | None:
        """The access that a view function needs; None where an attribute such as ``can_edit`` forbids it."""
        is_off = view_function in SWITCHES and not getattr(self, SWITCHES[view_function])
        return None if is_off else super().access_to(view_function)

    # Features.

    def _usual_features(self) -> Iterator[Feature[Any]]:
        """All features that the attributes allow."""
        yield SavedViews()
        if self.can_edit and self.declared.editable:
            yield Inline(self._cells(), set_cell=self.flow.set_cell, values=self.flow.texts)
        if self.can_edit:
            yield RecordBulkEdit(self)
        yield Edit(
            self.edit_form_class,
            new_form=self.new_form_class,
            create=self.flow.create,
            update=self.flow.update,
            values=self.flow.texts,
        )
        if self.can_delete:
            yield DeleteHeld(self.flow.remove)
        yield Trash(
            restore=self.flow.restore, facts=self.facts_of_values
        )  # undoing a creation deletes as well
        yield BulkActions()
        yield History()
        if self.can_export:
            yield Export()

    def _cells(self) -> dict[str, CellInput]:
        """The choices of each editable cell."""
        found = {name: choices_of(self.columns.column(name).type) or {} for name in self.declared.editable}
        return {
            name: CellInput(options=tuple((text, label) for text, (label, _) in choices.items()))
            for name, choices in found.items()
            if name in self.flow.names
        }

    # Forms.

    def _form(self, names: Sequence[str]) -> type[RecordForm]:
        """The form with fields for these columns; those without one are told in the log."""
        source = FormSource(
            self.columns,
            [name for name in names if not hasattr(RecordForm, name)],  # such as a column called data
            column_labels=self.declared.labels,
            column_descriptions=self.column_descriptions or {},
            form_args=self.form_args or {},
            form_widget_args=self.form_widget_args or {},
            form_optional_types=tuple(self.form_optional_types),
        )
        base = self.form_base_class if issubclass(self.form_base_class, RecordForm) else RecordForm
        form = form_of(source, base)
        if left_out := [name for name in names if name not in vars(form)]:
            kind, columns = kind_of(self.model), ", ".join(left_out)
            current_app.logger.warning("The form of %s has no field for %s.", kind, columns)
        return form

    def build_new_instance(self) -> Any:
        """Return a record without values, past ``__init__``, which may ask for some."""
        record = self.columns.mapper.class_manager.new_instance()
        self.columns.mapper.class_manager.dispatch.init(instance_state(record), [], {})
        return record

    # Pages.

    def facts(self, record: Any) -> Sequence[Fact]:
        """The columns of a record."""
        return [self._fact(name, getattr(record, name)) for name in self.declared.detailed]

    def facts_of_values(self, values: Values) -> Sequence[Fact]:
        """The columns of a deleted record, as it was."""
        return [self._fact(name, values[name]) for name in self.declared.detailed if name in values]

    def _fact(self, name: str, value: Any) -> Fact:
        return fact_of(self.columns, self.declared.labels.get(name) or label_of(name), name, value)

    def done(self, message: str) -> ResponseReturnValue:
        """Commit, call the hooks that wait for it, and go back to the list."""
        answer = super().done(message)
        writing.call_hooks()
        return answer
