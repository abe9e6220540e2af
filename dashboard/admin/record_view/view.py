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

from dashboard.admin.features.export import Export
from dashboard.admin.features.importing import Import
from dashboard.admin.features.record_files import RecordFiles
from dashboard.admin.features.saved_views import SavedViews
from dashboard.admin.features.timeline import History
from dashboard.admin.features.trash import Trash
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import RecordForm, declared_field
from dashboard.admin.kit.screen import Screen
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.actions import RecordActions, refuse_taken
from dashboard.admin.record_view.bulk import RecordBulkEdit
from dashboard.admin.record_view.child_rows.of_view import InlineModels
from dashboard.admin.record_view.columns import (
    mapped_columns,
    nouns_of,
    refuse_unmapped,
    small_words,
    title_of_all,
)
from dashboard.admin.record_view.declaration import Declaration
from dashboard.admin.record_view.deletion.delete_held import DeleteHeld
from dashboard.admin.record_view.edit import RecordEdit
from dashboard.admin.record_view.flow import RecordFlow
from dashboard.admin.record_view.forms.converter import FormSource, form_of
from dashboard.admin.record_view.forms.rules import Part
from dashboard.admin.record_view.importing import importer_by_forms
from dashboard.admin.record_view.lists.cells import cells_of, inline_of, with_cells
from dashboard.admin.record_view.lists.facts import Facts
from dashboard.admin.record_view.lists.listing import listing_of
from dashboard.admin.record_view.lists.looks import ListLooks
from dashboard.admin.record_view.lists.sizes import page_sizes
from dashboard.admin.record_view.lists.source import ListSource, search_words
from dashboard.admin.record_view.lists.unindexed import Unindexed
from dashboard.admin.record_view.own_templates import refuse_missing_templates
from dashboard.admin.record_view.relations.targets import is_restricted
from dashboard.admin.record_view.vocabulary import refuse_unknown
from dashboard.extensions import db
from dashboard.files.lists import Files, refuse_undeclared
from dashboard.history.usual import usual_recorded
from dashboard.listing.state import Listing
from dashboard.permissions import Access, Permission
from dashboard.registry import Record, Recorded, Values, kind_of
from dashboard.search.text_search import TextSearch
from dashboard.trash.kinds import Trashable
from dashboard.trash.reverting import RecordReverting
from dashboard.web.forms import add_made

SWITCHES = {
    "create_view": "can_create",
    **dict.fromkeys(
        ("edit_view", "editing_view", "cell_view", "files_view", "add_files_view", "upload_view"), "can_edit"
    ),
}
"""The attributes that switch view functions off."""


class RecordView(ListLooks, Screen):
    """The screen of a mapped class, a ``flask_admin.contrib.sqla.ModelView``.

    ``RecordView(Model, name="Suppliers", category="Catalogue")`` shows every column but keys and secrets, and
    has a form of them. The attributes of ``ModelView`` say more. Own ones are ``singular``, the noun for one
    record, ``roles``, ``listing``, ``empty_text``, ``column_counted``, ``column_more_filters``,
    ``column_tones``, ``form_together`` and ``form_beside`` (fields in one row, and beside the others), and
    ``files``, the declarations of its lists of files.

    Raises ValueError for an attribute that is not honoured, a name that is no column, and a class without a
    table, with a key of several columns or in another database.
    """

    can_export = can_view_details = True
    singular = ""
    empty_text = ""
    files: Sequence[Files] = ()
    form_together: Sequence[Sequence[str]] = ()
    form_beside: Sequence[str] = ()
    is_of_rows = False  # of records that are edited in the form of another one
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
        refuse_unmapped(model, has_own_screen=not self.is_of_rows)
        self.model, self.columns = model, mapped_columns(model)
        self.declared = Declaration(self, self.columns)
        self.singular = self.singular or nouns_of(model)
        options.setdefault("endpoint", small_words(kind_of(model)))
        self.own_query = self._own_query()
        self.edit_form_class = self._form(self.declared.typed, self.declared.form.rules_of_change)
        self.new_form_class = self._form(self.declared.typed_when_new, self.declared.form.rules_of_creation)
        if self.listing is None:
            self.listing = listing_of(source := self._list_source())
            self.search_placeholder = search_words(source)
        self.cells = cells_of(self) if self.can_edit else {}
        self.listing = with_cells(self.listing, self, self.cells)
        self.page_size, self.page_size_options = self.listing.size, self.listing.sizes
        formatters = self.declared.formatters("column_formatters_detail")
        self.shown_facts = Facts(self.columns, self.declared.detailed, self.declared.labels, formatters)
        self.recorded = self._recorded()
        self.reverting = RecordReverting(model)
        self.trash = Trashable(model, title=self.listing.title.key)
        self.flow = RecordFlow(self)
        self.inline = InlineModels(self, RecordView)
        self.features = type(self).features or tuple(self._usual_features())
        super().__init__(model, db, name or title_of_all(self.singular), **options)
        self.session = writing.ConsoleSession()

    # The list.

    def settle(self, screens: Sequence[Screen]) -> None:
        """Do what has to wait until every kind is added, whose screens are `screens`.

        The list reads the names of other records only where every user may see these records. Raises
        ValueError where a template does not exist, or child rows have a screen that is no `RecordView`.
        """
        refuse_missing_templates(self, RecordView)
        self.inline.settle(screens)
        many = self.feature(RecordBulkEdit)
        add_made([self.edit_form_class, self.new_form_class, *([many.form] if many else [])])
        if type(self).listing is None:
            references = self.columns.references.items()
            unnamed = [name for name, each in references if is_restricted(each.mapper.class_)]
            listing = listing_of(replace(self._list_source(), unnamed=frozenset(unnamed)))
            self.listing = with_cells(listing, self, self.cells)

    def _list_source(self) -> ListSource:
        declared = self.declared
        return ListSource(
            self.columns,
            declared.listed,
            declared.searched,
            declared.filters.offered,
            declared.sorted_by,
            declared.exported,
            self.scope,
            declared.is_sortable,
            declared.labels,
            declared.choices,
            declared.hidden,
            declared.formatters("column_formatters").without(declared.named("column_editable_list") or ()),
            declared.formatters("column_formatters_export"),
            declared.read_along,
            *page_sizes(self),
            linked=declared.linked,
            orders=declared.orders,
            counted_above=declared.filters.counted,
            more_filters=self.column_more_filters,
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
        searched = self.listing.search.columns if isinstance(self.listing.search, TextSearch) else None
        found = replace(super().record, searched=searched)
        return found if self.own_query is None else replace(found, scope=self.scope, sees_all=lambda: False)

    def access_to(self, view_function: str) -> Access | Permission | None:
        """The access that a view function needs; None where an attribute such as ``can_edit`` forbids it."""
        is_off = view_function in SWITCHES and not getattr(self, SWITCHES[view_function])
        return None if is_off else super().access_to(view_function)

    def _recorded(self) -> Recorded:
        """The fields that the history keeps: columns, and the collections that a form has."""
        labels, forms = self.declared.labels, (self.edit_form_class, self.new_form_class)
        usual = usual_recorded(self.model, labels=labels)
        its = self.columns.collections
        typed = [name for name in its if any(declared_field(form, name) for form in forms)]
        labels = {name: labels.get(name) or self.columns.label(name) for name in typed}
        return replace(usual, fields={**usual.fields, **labels})

    # Features.

    def _usual_features(self) -> Iterator[Feature[Any]]:
        """All features that the attributes allow."""
        yield from (SavedViews(), Unindexed())
        if self.cells:
            yield inline_of(self)
        if self.can_edit and (many := RecordBulkEdit(self)).form.names:
            yield many
        yield RecordEdit(
            self.edit_form_class,
            new_form=self.new_form_class,
            create=self.flow.create,
            update=self.flow.save,
            values=self.inline.texts,
            complete=self.inline.complete if self.inline.entries else None,
        )
        if self.files:
            refuse_undeclared(self.model, self.files)
            yield RecordFiles(*self.files, set_list=self.flow.set_files)
        if self.can_delete:
            yield DeleteHeld(self.flow.remove)
        yield Trash(
            restore=self.flow.restore, facts=self.facts_of_values
        )  # undoing a creation deletes as well
        yield RecordActions()
        yield History()
        if self.can_export:
            yield Export()
        if self.can_create or self.can_edit:
            yield Import(importer_by_forms)

    def init_actions(self) -> None:
        """Collect the actions; raises ValueError where two of them have one name."""
        super().init_actions()
        refuse_taken(self)

    # Forms.

    def _form(self, columns: list[str], parts: list[Part] | None) -> type[RecordForm]:
        """The form with fields for these columns; those without one are told in the log."""
        names = self.declared.form.in_order(columns, parts)
        source = FormSource(
            self.columns,
            names,
            column_labels=self.declared.labels,
            column_descriptions=self.column_descriptions or {},
            form_args=self.form_args or {},
            form_widget_args=self.form_widget_args or {},
            form_optional_types=tuple(self.form_optional_types),
            own_choices=self.declared.form.own_choices,
            own_fields=self.declared.form.own_fields,
            extra=self.declared.form.extra,
            ignore_hidden=self.ignore_hidden,
        )
        base = self.form_base_class if issubclass(self.form_base_class, RecordForm) else RecordForm
        form = form_of(source, base)
        form.form_layout = self.declared.form.laid_out(parts)
        form.together, form.beside = self.declared.form.together, self.declared.form.beside
        if left_out := ", ".join(name for name in names if not declared_field(form, name)):
            line = "The form of %s has no field for %s."
            current_app.logger.warning(line, kind_of(self.model), left_out)
        return form

    def build_new_instance(self) -> Any:
        """Return a record without values, past ``__init__``, which may ask for some."""
        record = self.columns.mapper.class_manager.new_instance()
        self.columns.mapper.class_manager.dispatch.init(instance_state(record), [], {})
        return record

    # Pages.

    def facts(self, record: Any) -> Sequence[Fact]:
        """The columns of a record."""
        return self.shown_facts.of_record(record)

    def facts_of_values(self, values: Values) -> Sequence[Fact]:
        """The columns of a deleted record, as it was."""
        return self.shown_facts.of_values(values)

    def done(self, message: str, address: str = "") -> ResponseReturnValue:
        """Commit, call the hooks that wait for it, and go to an address, or back to the list."""
        answer = super().done(message, address)
        writing.call_hooks()
        return answer
