"""Child rows: the records of another class that belong to one record, edited in its form.

The fields of a row are ordinary fields of the form of the parent, so that they are checked, merged and kept
as drafts as all others are. A row is a record of its own: it is recorded, goes to the trash and comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import func, select
from wtforms import BooleanField, Field
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput

from dashboard.admin.kit.forms import RecordForm, declared_field, plain, text_of
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.forms.fields import ChoiceField, asking_always
from dashboard.admin.record_view.relations.targets import Target
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.permissions import Access
from dashboard.refusal import Refusal

REMOVE = "remove"
"""The field of a row that says whether it is to be removed."""
SHOWN = "shown"
"""The field of a row that has no other which a browser always sends."""
CONTROLS = frozenset([REMOVE, SHOWN])
ADD, CHANGE, DELETE = "create_view", "edit_view", "delete_view"
"""The view functions by which a screen says what may be done with its records."""
NEW = "+"
"""The sign before the number of a new row, where others have their quoted key: no key is quoted so."""


@dataclass(frozen=True)
class Children:
    """The records of the screen `view` that belong to a record: ``inline_models`` of a `RecordView`.

    ``name`` begins the names of their fields, ``label`` is the heading above them, ``reference`` the column
    that refers to ``target``, a column of the parent. ``names`` are the columns that a row has fields for and
    ``new_names`` those of a new one, ``key_names`` those of them that tell a row from others of its record,
    ``order`` those that order the rows. ``is_made`` says that the screen was made for the rows: then who
    edits the record edits them, while any other screen decides that itself.
    """

    view: Any
    name: str
    label: str
    reference: str
    target: str
    names: Sequence[str]
    new_names: Sequence[str]
    key_names: Sequence[str]
    order: Sequence[Any]
    is_made: bool

    def allows(self, view_function: str) -> bool:
        """Whether the current user may do to rows in the form what a view function of their screen does."""
        record = self.view.record
        if not record.allows(Access.READ):
            return False
        return record.allows(Access.WRITE) if self.is_made else bool(self.view.allows(view_function))

    @property
    def may_be_added(self) -> bool:
        """Whether the current user may add rows."""
        return self.allows(ADD) and bool(self.new_names)

    @property
    def may_be_touched(self) -> bool:
        """Whether the current user may change or remove rows."""
        return self.allows(CHANGE) or self.allows(DELETE)

    def name_of(self, record: Any) -> str:
        """The name of a row: that of the record that its title refers to, if it has none of its own."""
        listing, references = self.view.listing, self.view.columns.references
        own = getattr(type(record), "__str__", None)
        if listing.title.key not in references or own is not object.__str__:
            return str(listing.name_of(record))
        target = Target(references[listing.title.key].mapper.class_)
        return target.name_of(getattr(record, listing.title.key)) or ""

    def of(self, record: Any) -> Any:
        """The query for the rows of a record that the current user may see."""
        column, key = getattr(self.view.model, self.reference), self.view.listing.key
        its = self.view.visible().where(column == getattr(record, self.target))
        # One that refers to itself is no row of its own form: what is typed for one would undo the other.
        return its.where(key != getattr(record, key.key)) if isinstance(record, self.view.model) else its

    def count(self, record: Any) -> int:
        """How many rows a record has."""
        its = self.of(record).order_by(None).subquery()
        return db.session.scalar(select(func.count()).select_from(its)) or 0

    def page(self, record: Any, number: int, size: int) -> Sequence[Any]:
        """One page of the rows of a record, the first being 1."""
        ordered = self.of(record).order_by(None).order_by(*self.order)
        return db.session.scalars(ordered.limit(size).offset((number - 1) * size)).all()

    def with_keys(self, record: Any, texts: Sequence[str]) -> Mapping[str, Any]:
        """The rows of a record that have these keys, locked until the transaction ends."""
        key = self.view.listing.key
        values = [value for value in map(self.view.listing.read_key, texts) if value is not None]
        found = for_writing(self.of(record).where(key.in_(values)), key)
        return {str(self.view.record.key_of(row)): row for row in db.session.scalars(found)}


class RemoveField(BooleanField):  # type: ignore[misc]
    """Says whether a row is to be removed."""

    def words_of(self, text: str) -> str:
        """The meaning of a text of this field."""
        return "Remove" if text else "Keep"


class ShownField(Field):  # type: ignore[misc]
    """Says that a row was shown; what is sent is not read."""

    widget = HiddenInput()

    def _value(self) -> str:
        return "1"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Leave out what was sent."""


class ChildRow:
    """One row in a form: a stored record, a new one (`record` is None), or one that is gone."""

    def __init__(self, children: Children, mark: str, record: Any = None) -> None:
        self.children, self.mark, self.record = children, mark, record
        self.prefix = f"{children.name}-{mark}-"
        self.names = self._names()
        self.has_remove = (
            children.may_be_touched if self.is_gone else not self.is_new and self._allows(DELETE)
        )

    def _names(self) -> Sequence[str]:
        """The columns that it has fields for: also those of its key where it can be another row."""
        if self.is_new:
            return self.children.new_names if self._allows(ADD) else ()
        keys = self.children.key_names if self._allows(ADD) and self._allows(DELETE) else ()
        return [*keys, *self.children.names] if self._allows(CHANGE) else ()

    @cached_property
    def words(self) -> str:
        """Its name, in its heading and in errors."""
        singular = self.children.view.singular
        name = "" if self.record is None else self.children.name_of(self.record)
        return f"New {singular}" if self.is_new else str(name or f"Removed {singular}")

    def _allows(self, view_function: str) -> bool:
        is_open = self.record is None or self.children.view.may_change(self.record)
        return is_open and self.children.allows(view_function)

    @property
    def is_new(self) -> bool:
        """Whether it is to be added."""
        return self.mark.startswith(NEW)

    @property
    def is_gone(self) -> bool:
        """Whether it was removed since the form was opened."""
        return self.record is None and not self.is_new

    def name_of(self, column: str) -> str:
        """The name of the field for a column, which is never that of a control."""
        return self.prefix + (f"column.{column}" if column in CONTROLS else column)

    @property
    def has_fields(self) -> bool:
        """Whether the current user may do anything with it."""
        return bool(self.names) or self.has_remove

    @property
    def form(self) -> type[RecordForm]:
        """The form of its screen that it has fields of."""
        view = self.children.view
        return cast("type[RecordForm]", view.new_form_class if self.is_new else view.edit_form_class)

    def form_with(self, name: str) -> type[RecordForm]:
        """The form of its screen that has its field for a column: keys have one in that of a new record."""
        return self.children.view.new_form_class if name in self.children.key_names else self.form

    def unbound(self) -> Iterator[tuple[str, Any]]:
        """Its fields, for the class of the form."""
        for name in self.names:
            field = declared_field(self.form_with(name), name)
            # Without the name that a field has of its own where it is called like an attribute of forms.
            kwargs = asking_always(field.kwargs) if self.is_new else field.kwargs
            yield self.name_of(name), UnboundField(field.field_class, *field.args, **kwargs)
        if self.has_remove:
            yield self.prefix + REMOVE, RemoveField(f"Remove this {self.children.view.singular}")
            if not self.names:
                yield self.prefix + SHOWN, ShownField()

    def fields(self, form: RecordForm) -> list[Any]:
        """Its fields in a form."""
        return [form[name] for name, _ in self.unbound()]

    def stored(self) -> dict[str, str]:
        """The texts of its fields as they are stored; those of a new one are blank."""
        if self.record is None:
            blank = writing.blank(self.form)
            return {self.name_of(name): plain(untouched(blank[name])) for name in self.names}
        texts = {
            name: writing.blank(self.form_with(name))[name].written(getattr(self.record, name))
            for name in self.names
        }
        control = {self.prefix + REMOVE: ""} if self.has_remove else {}
        return {**{self.name_of(name): plain(text) for name, text in texts.items()}, **control}

    def typed(self, form: RecordForm) -> dict[str, str]:
        """The texts of its fields in a form, by the names of the columns."""
        return {name: text_of(form[self.name_of(name)]) for name in self.names}

    def is_left_out(self, form: RecordForm) -> bool:
        """Whether nothing is to be checked: a new row that is blank, or one that is to be removed."""
        if not self.is_new:
            return self.has_remove and bool(form[self.prefix + REMOVE].data)
        blank, typed = self.stored(), self.typed(form).items()
        is_unread = any(_is_unread(form[self.name_of(name)]) for name in self.names)
        return not is_unread and all(text in ("", blank[self.name_of(name)]) for name, text in typed)

    def changed(self, form: RecordForm) -> dict[str, str]:
        """The texts of its fields that differ from the stored ones, by the names of the columns."""
        stored = self.stored()
        return {name: text for name, text in self.typed(form).items() if text != stored[self.name_of(name)]}

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Let a Refusal say at which of its fields it is."""
        try:
            yield
        except Refusal as refusal:
            raise Refusal(str(refusal), self._refused_at(refusal)) from refusal

    def _refused_at(self, refusal: Refusal) -> str:
        if refusal.field and refusal.field in self.names:
            return self.name_of(refusal.field)
        return self.name_of(self.names[0]) if self.names else self.prefix + REMOVE


def _is_unread(field: Any) -> bool:
    """Whether a text was typed that stands for no value; fields of numbers also refuse a blank one."""
    return bool(field.process_errors) and any(str(each).strip() for each in field.raw_data or ())


def untouched(field: Any) -> str:
    """The text that the form of a new record sends where nobody touched a field."""
    text = text_of(field)
    if text or not isinstance(field, ChoiceField):
        return text
    return next(iter(field.values), text)  # browsers choose the first
