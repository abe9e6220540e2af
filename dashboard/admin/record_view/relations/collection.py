"""The field for a collection of other records, which a table of links connects with one.

People write one record a line, by its name; a script makes a list of them that is searched. Its one text, by
which forms are compared and merged, has the keys.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import inspect, select
from sqlalchemy.orm.collections import collection_adapter
from wtforms import Field
from wtforms.widgets import TextArea, html_params

from dashboard.admin.kit.forms import plain, typed_or_written
from dashboard.admin.record_view.relations.key_texts import key_in_text, text_of_key
from dashboard.admin.record_view.relations.reference import creating, picker_of
from dashboard.admin.record_view.relations.targets import AT_ONCE, LONGEST, Target
from dashboard.admin.record_view.relations.together import InForm
from dashboard.bounds import LINKS, TOO_MANY_LINKS, excess
from dashboard.database.keys import Key, key_text, read_key
from dashboard.database.links import keys_of
from dashboard.extensions import db
from dashboard.listing.columns import CellValue, LinkedText
from dashboard.number_form import number_words
from dashboard.words import counted

BLANK = ""
ROWS = 4
HINT = "One on each line."
SCRIPTED_HINT = "Type to search."
"""The hint where a script makes a searched list of the lines."""
MOST_TOLD = 3
"""Lines that an error names; it counts the others."""


class CollectionInput:
    """Draws a collection: a line for each record, which a script makes a list of."""

    def __call__(self, field: CollectionField, **options: Any) -> Markup:
        """Draw the field, and a link to create what could be in it."""
        options.setdefault("rows", ROWS)
        if len(field.data) > LINKS:
            return self._too_many(field, options)
        field.learn_to_draw()
        drawn: Markup = TextArea()(
            field,
            autocomplete="off",
            spellcheck="false",
            data_hint=SCRIPTED_HINT if field.description == HINT else "",
            data_words=json.dumps(field.words_of_keys()),
            **picker_of(field.target),
            **options,
        )
        return drawn + creating(field)

    def _too_many(self, field: CollectionField, options: dict[str, Any]) -> Markup:
        """An input that is not sent, so that the records stay as they are."""
        words = f"{counted(len(field.data), field.target.noun)}, more than can be edited here."
        attributes = html_params(**{"name": field.name, "id": field.id, **options, "disabled": True})
        start = Markup(f"<textarea {attributes}>")  # noqa: S704 - escaped by `html_params`
        return start + words + Markup("</textarea>")


class CollectionField(InForm, Field):  # type: ignore[misc]
    """Many other records: ``data`` is a list of them, ``text`` has their keys, one a line."""

    widget = CollectionInput()
    is_of_row = False
    can_create = True
    holds_many = True
    """Whether a text has a line for each of several records."""

    def __init__(self, *args: Any, target: type[Any], **options: Any) -> None:
        options["description"] = options.get("description") or HINT
        super().__init__(*args, **options)
        self.form = options.get("_form")
        self.target = Target(target)

    @property
    def texts(self) -> Iterable[str]:
        """The texts of its keys, unless there are too many to be shown."""
        return [] if len(self.data) > LINKS else [key_text(_key_of(each)) for each in self.data]

    @property
    def text(self) -> str:
        """The keys, one a line; what was typed where that stands for no records."""
        return typed_or_written(self)

    def written(self, value: Any) -> str:
        """The text that stands for records, or for keys as the history holds them."""
        return "\n".join(map(text_of_key, keys_in(value)))

    def words_of(self, text: str) -> str:
        """The records whose keys are in `text`, for people."""
        lines = _keys(text)
        self.target.learn_keys(lines)
        return ", ".join(map(self.target.words_for, lines))

    def learn_all(self, collections: Iterable[Any]) -> None:
        """Read what the lines of very many collections are, before the fields ask for each of them."""
        self.target.learn_many(key_text(_key_of(each)) for its in collections for each in _each(its))

    def read_all(self, texts: Sequence[str]) -> list[Any]:
        """The records that some of these texts name, which the target has learnt, so many at a time."""
        keys = [*dict.fromkeys(self.target.keys_for(texts)[0].values())]
        self.target.learn_many(map(key_text, keys))  # pages name them by their keys
        parts = (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
        return [each for part in parts for each in _read(self.target, part)]

    def unseen(self, text: str) -> list[str]:
        """The lines of those keys in `text` whose records the current user may not see."""
        return [text_of_key(key) for key in _keys(text) if self.target.with_key(key) is None]

    @property
    def _typed(self) -> str:
        return plain(str(self.raw_data[0]))

    def _value(self) -> str:
        """The text of the input: a line for each record, in the order of the names."""
        if self.raw_data and self.process_errors:
            return self._typed
        return "\n".join(sorted(self._known(self.data), key=str.casefold))

    def words_of_keys(self) -> dict[str, str]:
        """The words for each line that is a key."""
        keys = [key_text(_key_of(each)) for each in self.data]
        self.target.learn(keys)
        known = map(self.target.with_key, keys)
        found = ((key_text(each[0]), self.target.words(*each)) for each in known if each)
        return {text: f"{words} no. {text}" for text, words in found if words != self._line(text, keys)}

    def _known(self, records: Any) -> Mapping[str, Any]:
        """Records by their lines: the name, or the key where the name would find another one."""
        found = {key_text(_key_of(each)): each for each in _each(records)}
        self.target.learn(found)
        lines = {self._line(text, found): each for text, each in found.items()}
        return {line.strip() if line.strip() not in lines else line: each for line, each in lines.items()}

    def _line(self, key: str, keys: Collection[str]) -> str:
        """The line that finds the record with this key again among those with `keys`.

        One that the user may not see stands there with its key, which may be the name of another.
        """
        found = self.target.with_key(key)
        line = self.target.text_of(*found) if found else text_of_key(key)
        return text_of_key(key) if line in keys else line

    def process_data(self, value: Any) -> None:
        """Take records, or the text of their keys."""
        if isinstance(value, str):
            kind = self.target.columns.key.type
            value = _read(self.target, [read_key(kind, line) for line in _keys(value)])
        self.data = self.opened = [] if value is None else [*_each(value)]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a record from each line; raises ValueError that names those that no record has."""
        if not valuelist:
            return
        if self._typed == self.written(
            self.opened
        ):  # from a cell, or from an edit of many: nothing to look up
            self.data = self.opened
            return
        lines, before = _lines(self._typed), self._known(self.opened)
        if {*lines} == {*before}:
            self.data = [*before.values()]
            return
        self.data = []
        if len(lines) > LINKS:
            raise ValueError(TOO_MANY_LINKS.format(number_words(LINKS), number_words(len(lines))))
        if fault := next(filter(None, (excess(line, LONGEST) for line in lines)), None):
            raise ValueError(fault)
        self.data = self._found(lines, before)

    def _found(self, lines: Sequence[str], before: Mapping[str, Any]) -> list[Any]:
        """The records of lines; those that were there `before` need not be visible."""
        by_key = {key_text(_key_of(each)): each for each in before.values()}
        kept = {
            line: found
            for line in lines
            if (found := before.get(line, by_key.get(key_in_text(line)))) is not None
        }
        new = [line for line in lines if line not in kept]
        keys, faults = self.target.keys_for(new)
        if faults:
            more = len(faults) - MOST_TOLD
            told = [
                *faults[:MOST_TOLD],
                *([f"{number_words(more)} more cannot be read."] if more > 0 else []),
            ]
            raise ValueError(" ".join(told))
        rows = {_key_of(each): each for each in _read(self.target, [*keys.values()])}
        if missing := [line for line, key in keys.items() if key not in rows]:
            raise ValueError(f"“{missing[0]}” was deleted while you were typing.")
        return [*dict.fromkeys([*kept.values(), *(rows[key] for key in keys.values())])]

    def populate_obj(self, obj: Any, name: str) -> None:
        """Add and remove what differs, so that the links that stay are not written again."""
        adapter: Any = collection_adapter(getattr(obj, name))
        there, wanted = {*adapter}, {*self.data}
        for each in there - wanted:
            adapter.remove_with_event(each)
        for each in [each for each in self.data if each not in there]:
            adapter.append_with_event(each)


def _each(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, Mapping) else value


def keys_in(value: Any) -> Sequence[Key]:
    """The keys of records in their order; the history has keys already."""
    found = [*_each(value or ())]
    return found if all(isinstance(each, int | str) for each in found) else keys_of(found)


def _key_of(record: Any) -> Any:
    return type(record).__mapper__.primary_key_from_instance(record)[0]


def _read(target: Target, keys: Sequence[Any]) -> list[Any]:
    """The records with these keys; a statement reads those that the session does not have."""
    identity = inspect(target.model).identity_key_from_primary_key
    there = [db.session.identity_map.get(identity((key,))) for key in keys]
    missing = [key for key, found in zip(keys, there, strict=True) if found is None]
    its = target.columns.key.in_(missing)
    read = db.session.scalars(select(target.model).where(its)) if missing else ()
    return [*filter(None, there), *read]


def _lines(text: str) -> list[str]:
    """The lines of a text that are not blank, each once."""
    return [*dict.fromkeys(filter(None, map(str.strip, text.split("\n"))))]


def _keys(text: str) -> list[str]:
    """The keys in the one text of a collection, which may begin with blanks."""
    return [*dict.fromkeys(map(key_in_text, filter(None, text.split("\n"))))]


def one_after_another(cells: Sequence[CellValue], more: int = 0) -> CellValue:
    """Records in one cell, of those that may be opened the links, and how many `more` there are."""
    texts = [_html(each) for each in cells]
    if not texts:
        return None
    return Markup(", ").join(texts) + (f" and {number_words(more)} more" if more > 0 else "")


def one_below_another(cells: Sequence[CellValue], more: int = 0) -> CellValue:
    """Records on a page: a list of those that are named, and how many `more` there are."""
    items = [_html(each) for each in cells] + ([escape(f"{number_words(more)} more")] if more > 0 else [])
    return Markup('<ul class="collection">{}</ul>').format(_items(items)) if items else None


def _items(items: Sequence[Markup]) -> Markup:
    return Markup("").join([Markup("<li>{}</li>").format(each) for each in items])


def _html(cell: CellValue) -> Markup:
    if isinstance(cell, LinkedText):
        return Markup('<a href="{}">{}</a>').format(cell.url, str(cell))
    return Markup("{}").format(cell)
