"""The forms of a mapped class: Flask-Admin's converter reads the declaration, and our fields draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter, get_form
from flask_admin.contrib.sqla.validators import Unique
from sqlalchemy import ARRAY, JSON, Boolean, DateTime, String, Text
from wtforms import Field
from wtforms.validators import InputRequired, Optional

from dashboard.admin.kit.forms import RecordForm, free_names
from dashboard.admin.record_view.columns import Columns, choices_of
from dashboard.admin.record_view.forms.fields import (
    BLANK,
    JSON_LENGTH,
    LONGEST,
    SHORT,
    VALUE_LENGTH,
    ChoiceField,
    Entered,
    LongTextField,
    NumberValueField,
    TextField,
    ValueField,
)
from dashboard.admin.record_view.forms.moments import MomentField
from dashboard.admin.record_view.forms.overrides import Choices, OwnChoiceField
from dashboard.admin.record_view.forms.own_values import AtMostSent, OwnValue
from dashboard.admin.record_view.own_types import stored_type
from dashboard.admin.record_view.relations.collection import CollectionField
from dashboard.admin.record_view.relations.reference import ReferenceField
from dashboard.admin.record_view.texts import example_of, holds_numbers, reader, typed_number
from dashboard.database.types import UTCDateTime, inner_type, is_aware
from dashboard.web.forms import AtMost, mark_made


@dataclass(frozen=True)
class FormSource:
    """The part of a view that Flask-Admin's converter asks for: a model, and attributes of its fields."""

    columns: Columns
    form_columns: Sequence[str]
    column_labels: Mapping[str, str] = field(default_factory=dict)
    column_descriptions: Mapping[str, str] = field(default_factory=dict)
    form_args: Mapping[str, Any] = field(default_factory=dict)
    form_widget_args: Mapping[str, Any] = field(default_factory=dict)
    form_optional_types: tuple[type[Any], ...] = (Boolean,)
    own_choices: Mapping[str, Choices] = field(default_factory=dict)
    own_fields: Mapping[str, type[Any]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    ignore_hidden: bool = True

    @property
    def model(self) -> type[Any]:
        """The mapped class."""
        return self.columns.model


class Converter(AdminModelConverter):  # type: ignore[misc]
    """Makes a field of this console for every column whose values people can type."""

    view: FormSource

    def get_converter(self, column: Any) -> Any:  # noqa: ARG002 - the signature of Flask-Admin
        """The one way in which fields are made here."""
        return self.field_of

    def field_of(self, column: Any, field_args: dict[str, Any], prop: Any, **_: Any) -> Field | None:
        """The field of a column with Flask-Admin's arguments; None where people cannot type its values."""
        options = self._options(column, prop.key, field_args)
        blank = {BLANK: ("Not set", None)} if column.nullable else {}
        if prop.key in self.view.own_choices:
            values = {**blank, **self.view.own_choices[prop.key]}
            return OwnChoiceField(values=values, kind=column.type, **options)
        reference = self.view.columns.references.get(prop.key)
        if reference is not None:
            return ReferenceField(target=reference.mapper.class_, nullable=column.nullable, **options)
        own, kind = self.view.own_fields.get(prop.key), inner_type(column.type)
        if own is not None and issubclass(own, OwnValue):
            options["validators"] = [AtMostSent(_longest(kind)), *options["validators"]]
            return own(kind=kind, nullable=column.nullable, **options)
        if (choices := choices_of(column.type)) is not None:
            return ChoiceField(values={**blank, **choices}, **options)
        return _text(column, kind, options, own) if isinstance(kind, String) else _value(kind, options)

    def _convert_relation(self, name: str, prop: Any, is_proxy: bool, kwargs: dict[str, Any]) -> Field | None:
        """The field of a collection with Flask-Admin's arguments; None for any other relationship."""
        if is_proxy or name not in self.view.columns.collections:
            return None
        kwargs.setdefault("description", self._get_description(name, kwargs))
        options = self._options(prop.synchronize_pairs[0][1], name, kwargs)
        return CollectionField(target=prop.mapper.class_, **options)

    def _options(self, column: Any, name: str, field_args: dict[str, Any]) -> dict[str, Any]:
        """The arguments of any field, with our words for what is required.

        The database says that a value is taken when the record is written; Flask-Admin's validator would ask
        it before, and take the record itself for another.
        """
        declared = self.view.form_args.get(name, {}).get("label") or self.view.column_labels.get(name)
        label = str(declared or self.view.columns.label(name))
        given = field_args.get("validators", ())
        validators = [each for each in given if not isinstance(each, Unique | InputRequired | Optional)]
        if any(isinstance(each, InputRequired) for each in given) and not isinstance(column.type, Boolean):
            validators.insert(0, Entered(f"Enter the {label[:1].lower()}{label[1:]}."))
        else:
            validators.insert(0, Optional())
        more = (
            {"render_kw": dict(self.view.form_widget_args[name])}
            if name in self.view.form_widget_args
            else {}
        )
        return {
            **{k: v for k, v in field_args.items() if k != "filters"},
            "label": label,
            **more,
            "validators": validators,
        }


def _longest(kind: Any) -> int:
    """Characters that a field for values of this type takes."""
    if isinstance(kind, String):
        return kind.length or LONGEST
    return JSON_LENGTH if isinstance(kind, ARRAY | JSON) else VALUE_LENGTH


def _text(column: Any, kind: String, options: dict[str, Any], own: type[Any] | None = None) -> Field:
    longest = _longest(kind)
    is_long = isinstance(kind, Text) or (kind.length or 0) > SHORT
    rows = {"rows": 5} if is_long else {}
    options["validators"] = [AtMost(longest, written=1), *options["validators"]]
    options["render_kw"] = {"maxlength": longest, **rows, **options.get("render_kw", {})}
    return (own or (LongTextField if is_long else TextField))(nullable=column.nullable, **options)


def _value(kind: Any, options: dict[str, Any]) -> Field | None:
    found, stored = reader(kind), stored_type(kind)
    if found is None:
        return None
    is_long = isinstance(stored, ARRAY | JSON | Text)
    if (example := example_of(stored)) and not options.get("description"):
        options["description"] = f"For example, {example}"
    if isinstance(stored, ARRAY) and not options.get("description"):
        options["description"] = "One value a line."
    read, write = found
    typed, longest = typed_number(kind), _longest(stored)
    if isinstance(kind, DateTime | UTCDateTime) and is_aware(kind):
        return MomentField(read=read, write=write, longest=longest, **options)
    made = NumberValueField if holds_numbers(kind) else ValueField
    return made(read=read, write=write, typed=typed, longest=longest, is_long=is_long, **options)


def form_of(source: FormSource, base: type[RecordForm]) -> type[RecordForm]:
    """The form of a mapped class with the fields that `source` names, in their order."""
    made: type[RecordForm] = get_form(
        source.model,
        Converter(None, source),
        base_class=base,
        only=[source.columns.unmistakable(name) for name in source.form_columns],
        extra_fields=dict(source.extra),
        ignore_hidden=source.ignore_hidden,
        field_args={name: dict(given) for name, given in source.form_args.items()},
    )
    free_names(made, source.form_columns)
    mark_made(made)
    return made
