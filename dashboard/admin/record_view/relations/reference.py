"""The field that refers to another record: its key is stored, and people choose it by its name.

The records are never all read: where there are few they are listed, else the name or the key is typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup
from wtforms import Field
from wtforms.widgets import TextInput, html_params

from dashboard.admin.kit.forms import typed_or_written
from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.record_view.relations.key_texts import key_in_text, text_of_key
from dashboard.admin.record_view.relations.targets import BLANK, LONGEST, Target
from dashboard.admin.record_view.relations.together import FEW, InForm
from dashboard.bounds import excess
from dashboard.database.keys import read_key
from dashboard.permissions import Access
from dashboard.registry import registry


class ReferenceInput:
    """Draws a reference: a list where there are few records, else an input for a name or a key."""

    def __call__(self, field: ReferenceField, **options: Any) -> Markup:
        """Draw the field, and a link to create what it could refer to."""
        options.setdefault("id", field.id)
        return self._drawn(field, options) + creating(field)

    def _drawn(self, field: ReferenceField, options: dict[str, Any]) -> Markup:
        field.learn_to_draw()
        found = field.target.first(FEW + 1)
        if len(found) > FEW:
            return TextInput()(field, autocomplete="off", **picker_of(field.target), **options)  # type: ignore[no-any-return]
        attributes, texts = html_params(name=field.name, **options), "".join(self._options(field, found))
        return Markup(f"<select {attributes}>{texts}</select>")  # noqa: S704 - escaped by `_option`

    def _options(self, field: ReferenceField, found: Sequence[Any]) -> Sequence[Markup]:
        chosen = field.text
        rows = {
            text_of_key(key): field.target.words(key, name)
            for key, name in found
            if key not in field.left_out
        }
        if chosen and chosen not in rows:  # it is gone, or the user may not see it
            rows[chosen] = field.words_of(chosen)
        blank = {BLANK: field.blank_words} if field.is_nullable or not chosen else {}
        return [_option(text, words, text == chosen) for text, words in {**blank, **rows}.items()]


def picker_of(target: Target) -> dict[str, str]:
    """The attributes by which a script searches the records, where these have a screen."""
    record = registry().find(target.model)
    if record is None or not record.allows(Access.READ):
        return {}
    script = current_app.jinja_env.globals["asset"]("picker.js")  # type: ignore[operator]
    return {"data_source": f"{ScreenUrls(record.endpoint).index}lookup/", "data_picker": script}


def creating(field: Any) -> Markup:
    """The link that creates a record to refer to, where the user may; a script opens it in a dialog."""
    record = registry().find(field.target.model)
    may = record is not None and record.can_create and record.allows(Access.WRITE)
    if record is None or not may or field.is_of_row or not field.can_create:
        return Markup()
    script = current_app.jinja_env.globals["asset"]("creating.js")  # type: ignore[operator]
    link = '<a class="creating" href="{}" target="_blank" data-dialog="{}" data-for="{}">New {}</a>'
    return Markup(link).format(  # noqa: S704 - a constant
        ScreenUrls(record.endpoint).create, script, field.name, record.singular
    )


def _option(text: str, words: str, chosen: bool) -> Markup:
    mark = Markup(" selected") if chosen else ""
    return Markup('<option value="{}"{}>{}</option>').format(text, mark, words)


class ReferenceField(InForm, Field):  # type: ignore[misc]
    """The key of another record: ``data`` is the key, ``text`` its text."""

    widget = ReferenceInput()
    is_listed = True
    is_of_row = False
    """Whether the field is one of a child row."""
    left_out: Collection[Any] = ()
    """The keys that the list does not offer."""

    def __init__(
        self, *args: Any, target: type[Any], nullable: bool, can_create: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.form = options.get("_form")
        self.target, self.is_nullable, self.can_create = Target(target), nullable, can_create

    @property
    def blank_words(self) -> str:
        """The option that chooses no record."""
        return "None"

    @property
    def text(self) -> str:
        """The text of the key; what was typed where that finds no record, so that it is not lost."""
        return typed_or_written(self)

    def written(self, value: Any) -> str:
        """The text of a key."""
        return BLANK if value is None else text_of_key(value)

    def _value(self) -> str:
        """The text of the input, which finds the same record again."""
        has_key = self.text and not self.process_errors
        found = self.target.with_key(key_in_text(self.text)) if has_key else None
        return self.target.text_of(*found) if found else self.text

    def words_of(self, text: str) -> str:
        """The record whose key is `text`, for people."""
        return self.target.words_for(key_in_text(text)) if text else text

    @property
    def texts(self) -> Iterable[str]:
        """The text of its key, unless it stands for nothing."""
        return [] if self.process_errors or not self.text else [key_in_text(self.text)]

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Take what was sent, or the key of the record."""
        self.sent = formdata
        super().process(formdata, *args, **options)

    def process_data(self, value: Any) -> None:
        """Take a key, or its text."""
        self.data = self._key_in(value) if isinstance(value, str) else value

    def _key_in(self, text: str) -> Any:
        return read_key(self.target.columns.key.type, key_in_text(text)) if text else None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a key or a name; raises ValueError where no record has it, or several have the name."""
        if not valuelist:
            return
        text, before, self.data = valuelist[0], self.data, None
        if fault := excess(text, LONGEST):
            raise ValueError(fault)
        if text == self.written(before):  # it stays, whether or not the user may see it
            self.data = before
        elif text.strip():
            self.learn_sent()
            self.data = self.target.key_for(text)
