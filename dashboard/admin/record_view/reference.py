"""The field that refers to another record: its key is stored, and people choose it by its name.

The records are never all read: where there are few they are listed, else the name or the key is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select
from wtforms import Field
from wtforms.widgets import TextInput, html_params

from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.record_view.columns import mapped_columns, nouns_of
from dashboard.admin.record_view.links import has_own_scope
from dashboard.bounds import excess
from dashboard.database.keys import read_key
from dashboard.extensions import db
from dashboard.permissions import Access, Role
from dashboard.registry import registry

FEW = 100
"""Records that are listed to choose from."""
LONGEST = 300
BLANK = ""


def is_restricted(model: type[Any]) -> bool:
    """Whether some users who see the console may not see all records of a class."""
    record = registry().find(model)
    if record is None:
        return False
    return (
        record.personal
        or has_own_scope(record)
        or record.roles.get(Access.READ, Role.VIEWER) is not Role.VIEWER
    )


class Target:
    """The records that a field can refer to, as far as the current user may see them."""

    def __init__(self, model: type[Any]) -> None:
        self.columns, self.model = mapped_columns(model), model

    @property
    def noun(self) -> str:
        """The noun for one of them."""
        record = registry().find(self.model)
        return record.singular if record else nouns_of(self.model)

    @property
    def title(self) -> Any:
        """The column that names one of them."""
        record = registry().find(self.model)
        return record.title if record else self.columns.title

    def visible(self) -> Any:
        """The keys and the names of those that the current user may see."""
        record, key = registry().find(self.model), self.columns.key
        found = select(key, self.title)
        if record is None:
            return found
        return found.where(*record.scope()) if record.allows(Access.READ) else found.where(key.is_(None))

    def first(self, number: int) -> Sequence[Any]:
        """So many of them, by their names."""
        return db.session.execute(self.visible().order_by(self.title, self.columns.key).limit(number)).all()

    def named(self, name: str) -> Sequence[Any]:
        """The first two that have exactly this name."""
        is_it = self.title == name if isinstance(name, str) and self.title.type.python_type is str else None
        return [] if is_it is None else db.session.execute(self.visible().where(is_it).limit(2)).all()

    def with_key(self, text: str) -> Any:
        """The key and the name of the one whose key is `text`; None where there is none."""
        key = read_key(self.columns.key.type, text)
        if key is None:
            return None
        return db.session.execute(self.visible().where(self.columns.key == key)).first()

    def with_keys(self, texts: Sequence[str]) -> Sequence[Any]:
        """The keys and the names of those whose keys are among `texts`, in one statement."""
        keys = [key for text in texts if (key := read_key(self.columns.key.type, text)) is not None]
        if not keys:
            return []
        return db.session.execute(self.visible().where(self.columns.key.in_(keys))).all()

    def name_of(self, key: Any) -> str | None:
        """The name of the one with this key; None where there is no key."""
        found = None if key is None else self.with_key(str(key))
        return self.words(*found) if found else None if key is None else f"no. {key}"

    def words(self, key: Any, name: Any) -> str:
        """One of them, for people."""
        return str(name) if name not in (None, BLANK) else f"no. {key}"


class ReferenceInput:
    """Draws a reference: a list where there are few records, else an input for a name or a key."""

    def __call__(self, field: ReferenceField, **options: Any) -> Markup:
        """Draw the field."""
        options.setdefault("id", field.id)
        found = field.target.first(FEW + 1)
        if len(found) > FEW:
            return TextInput()(field, autocomplete="off", **_picker(field.target), **options)  # type: ignore[no-any-return]
        attributes, texts = html_params(name=field.name, **options), "".join(self._options(field, found))
        return Markup(f"<select {attributes}>{texts}</select>")  # noqa: S704 - escaped by `_option`

    def _options(self, field: ReferenceField, found: Sequence[Any]) -> Sequence[Markup]:
        chosen = field.shown
        rows = {str(key): field.target.words(key, name) for key, name in found}
        if chosen and chosen not in rows:  # it is gone, or the user may not see it
            rows[chosen] = field.words_of(chosen)
        blank = {BLANK: "None"} if field.is_nullable or not chosen else {}
        return [_option(text, words, text == chosen) for text, words in {**blank, **rows}.items()]


def _picker(target: Target) -> dict[str, str]:
    """The attributes by which a script searches the records, where these have a screen."""
    record = registry().find(target.model)
    if record is None or not record.allows(Access.READ):
        return {}
    script = current_app.jinja_env.globals["asset"]("picker.js")  # type: ignore[operator]
    return {"data_source": f"{ScreenUrls(record.endpoint).index}lookup/", "data_picker": script}


def _option(text: str, words: str, chosen: bool) -> Markup:
    mark = Markup(" selected") if chosen else ""
    return Markup('<option value="{}"{}>{}</option>').format(text, mark, words)


class ReferenceField(Field):  # type: ignore[misc]
    """The key of another record: ``data`` is the key, ``text`` its text."""

    widget = ReferenceInput()

    def __init__(self, *args: Any, target: type[Any], nullable: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.target, self.is_nullable = Target(target), nullable

    @property
    def text(self) -> str:
        """The text of the key."""
        return self.written(self.data)

    def written(self, value: Any) -> str:
        """The text of a key."""
        return BLANK if value is None else str(value)

    @property
    def shown(self) -> str:
        """The text that is chosen: the key, or what was typed where that is no key."""
        return self.raw_data[0] if self.raw_data and self.process_errors else self.text

    def _value(self) -> str:
        """The text of the input: the name, or the key of one whose name others have as well."""
        if self.raw_data and self.process_errors:
            return str(self.raw_data[0])
        found = self.target.with_key(self.text) if self.text else None
        if found is None or not found[1]:
            return self.text
        return str(found[1]) if len(self.target.named(found[1])) == 1 else self.text

    def words_of(self, text: str) -> str:
        """The record whose key is `text`, for people."""
        found = self.target.with_key(text) if text else None
        if found is None:
            return f"{text} (no longer exists)" if text else text
        return self.target.words(*found)

    def process_data(self, value: Any) -> None:
        """Take a key, or its text."""
        is_text = isinstance(value, str)
        self.data = read_key(self.target.columns.key.type, value) if is_text else value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a key or a name; raises ValueError where no record has it, or several have the name."""
        if not valuelist:
            return
        text, self.data = valuelist[0].strip(), None
        if fault := excess(text, LONGEST):
            raise ValueError(fault)
        if text and text != self.written(self.object_data):
            self.data = self._found(text)
        elif text:
            self.data = read_key(self.target.columns.key.type, text)

    def _found(self, text: str) -> Any:
        if "\0" in text:
            raise ValueError(f"No {self.target.noun} is called that.")
        one = self.target.with_key(text)
        named = [one] if one else self.target.named(text)
        if not named:
            raise ValueError(f"No {self.target.noun} is called “{text}”.")
        if len(named) > 1:
            raise ValueError(f"More than one {self.target.noun} is called “{text}”. Enter its number.")
        return named[0][0]
