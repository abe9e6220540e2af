"""Importing records by the forms that create and edit them, so that a file obeys the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g
from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict

from dashboard.admin.features.form_fields import fields_of, usual_texts, words_of
from dashboard.admin.kit.forms import RecordForm, plain, text_of
from dashboard.admin.kit.screen import Screen
from dashboard.database.locks import for_writing
from dashboard.database.types import python_type
from dashboard.extensions import db
from dashboard.importing.fields import Does, Given, ImportField, Matching, Outcome, RowRefused
from dashboard.refusal import Refusal
from dashboard.registry import Record

AT_ONCE = 1000
"""Rows that are written in one transaction: a form takes about a millisecond."""
FEW = 3
"""Rows that are quicker written one by one than at once."""
CACHES = ("known_targets",)
"""Places where a request remembers other records: a job goes on for longer than these stay the same."""

Filled = Callable[[type[RecordForm], Mapping[str, str], Any], RecordForm]


def filled(form: type[RecordForm], texts: Mapping[str, str], record: Any) -> RecordForm:  # noqa: ARG001
    """The form with these texts as if they had been sent."""
    return form(formdata=MultiDict(texts), meta={"csrf": False})


def _allow(form: RecordForm, record: Any) -> None:
    """Refuse nothing besides what the form refuses."""


def _one_by_one(_wanted: Sequence[tuple[Any, Any]]) -> bool:
    """Write nothing: the flow writes one record at a time."""
    return False


def _nothing() -> None:
    """Do nothing after the commit."""


class FormImporter:
    """Imports the records of a screen by its forms.

    ``create``, ``update`` and ``values`` are those of its feature `Edit`, ``fill`` fills a form in,
    ``refuse`` raises Refusal for what only the flow refuses, ``together`` writes many records at once if it
    returns True, and ``done`` is called once rows are committed.
    """

    at_once = AT_ONCE

    def __init__(
        self,
        screen: Screen,
        forms: tuple[type[RecordForm], type[RecordForm]],
        *,
        create: Callable[[Screen, Any], Any],
        update: Callable[[Any, Any], None],
        values: Callable[[Any], Mapping[str, str]],
        fill: Filled = filled,
        refuse: Callable[[Any, Any], None] = _allow,
        together: Callable[[Sequence[tuple[Any, Any]]], bool] = _one_by_one,
        done: Callable[[], None] = _nothing,
    ) -> None:
        self.screen, (self.form, self.new_form) = screen, forms
        self.create, self.update, self.values = create, update, values
        self.fill, self.refuse, self.together, self.done = fill, refuse, together, done

    @property
    def record(self) -> Record:
        """The kind of record."""
        return self.screen.record

    @property
    def fields(self) -> Sequence[ImportField]:
        """The fields of the form that a cell can fill, and the number by which a row can name its record."""
        return fields_of(self.screen, self.fill(self.form, {}, None), self.fill(self.new_form, {}, None))

    def outcomes(self, rows: Sequence[Given], how: Matching, *, lock: bool) -> Sequence[Outcome]:
        """Say what each row does; see `dashboard.importing.fields.Importer`."""
        for name in CACHES:
            g.pop(name, None)
        batch = Batch(self, how)
        batch.learn(rows)
        return batch.outcomes(rows, lock=lock)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Create and change records by the flows of the screen. Raises RowRefused."""
        if not self._write_together(outcomes):
            self._write_each(outcomes)

    def _write_together(self, outcomes: Sequence[Outcome]) -> bool:
        """Write all rows at once, if that can be; nothing of them is written where one is refused."""
        if len(outcomes) < FEW:
            return False
        try:
            with db.session.begin_nested():
                return self.together([outcome.data for outcome in outcomes])
        except Refusal:
            return False

    def _write_each(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            record, form = outcome.data
            try:
                if record is None:
                    self.create(self.screen, form)
                else:
                    self.update(record, form)
            except Refusal as refusal:
                field = form[refusal.field] if refusal.field and refusal.field in form else None
                where = f"{field.label.text}: " if field is not None else ""
                raise RowRefused(outcome.number, f"{where}{refusal}") from refusal

    def after(self) -> None:
        """Call the hooks that wait for the commit."""
        self.done()


class Batch:
    """Some rows, and what was read for all of them at once."""

    def __init__(self, importer: FormImporter, how: Matching) -> None:
        self.importer, self.how, self.screen = importer, how, importer.screen
        self.record = importer.record
        self.blank, self.usual = importer.fill(importer.form, {}, None), usual_texts(importer.new_form)
        self.fields = {each.name: each for each in importer.fields}
        self.taken = dict[str, dict[Any, Any]]()

    def learn(self, rows: Sequence[Given]) -> None:
        """Read what the rows refer to in few statements, before fields ask for each of them."""
        for field in self.blank:
            if hasattr(field, "target"):
                texts = {row.texts[field.name] for row in rows if row.texts.get(field.name)}
                both = {text for each in texts for text in (each, each.strip())}
                field.target.learn({text for text in both if "\0" not in text})

    def outcomes(self, rows: Sequence[Given], *, lock: bool) -> Sequence[Outcome]:
        """The outcomes of rows; see `dashboard.importing.fields.Importer`."""
        name = self.how.key
        keys = {row.number: self._value(name, row.texts[name]) for row in rows} if name else {}
        records = self._find(name, [key for key in keys.values() if key is not None], lock=lock)
        for field in self.fields.values():
            if field.is_key and field.is_written and field.name != name:
                self._learn_taken(field.name, rows)
        return [self._outcome(row, records.get(keys.get(row.number))) for row in rows]

    def _value(self, name: str, text: str) -> Any:
        """The value of a unique column that a text stands for; None for another text."""
        if not self.fields[name].is_written:
            return self.record.read_key(text.strip())
        if python_type(inspect(self.record.model).columns[name].type) is str:
            return plain(text).strip() or None
        field = self.importer.fill(self.importer.form, {name: text}, None)[name]
        return None if field.process_errors else getattr(field, "value", field.data)

    def _find(self, name: str, values: Sequence[Any], *, lock: bool) -> Mapping[Any, Any]:
        if not values:
            return {}
        statement = self.screen.visible().where(getattr(self.record.model, name).in_(values))
        if lock:
            statement = for_writing(statement, self.record.key)
        return {getattr(record, name): record for record in db.session.scalars(statement)}

    def _learn_taken(self, name: str, rows: Sequence[Given]) -> None:
        """Note the keys of the records that have the values of another unique field already."""
        values = [self._value(name, row.texts[name]) for row in rows if name in row.texts]
        wanted = [value for value in values if value is not None]
        if wanted:
            column = getattr(self.record.model, name)
            found = self.screen.visible().with_only_columns(column, self.record.key).where(column.in_(wanted))
            self.taken[name] = {row[0]: row[1] for row in db.session.execute(found)}

    def _outcome(self, row: Given, record: Any) -> Outcome:
        if fault := self._not_allowed(row, record):
            return Outcome(row.number, Does.REFUSE, {self.how.key: fault})
        if name := self._taken_field(row, record):
            label = self.fields[name].label
            told = f"This {label[:1].lower()}{label[1:]} is already in use."
            return Outcome(row.number, Does.REFUSE, {name: told})
        return self._created(row) if record is None else self._changed(row, record)

    def _taken_field(self, row: Given, record: Any) -> str | None:
        """The unique field of a row whose value another record has."""
        own = None if record is None else getattr(record, self.record.key.key)
        for name, owners in self.taken.items():
            owner = owners.get(self._value(name, row.texts.get(name, "")))
            if owner is not None and owner != own:
                return name
        return None

    def _not_allowed(self, row: Given, record: Any) -> str | None:
        """Why a row may not create or change its record; None where it may."""
        noun, screen = self.screen.singular, self.screen
        if record is None:
            number = self.how.key and not self.fields[self.how.key].is_written and row.texts[self.how.key]
            if number or not self.how.creates:
                return f"No {noun} has this {self.fields[self.how.key].label}."
            return None if screen.allows("create_view") else f"You may not create a {noun}."
        if not self.how.changes:
            return f"A {noun} has this {self.fields[self.how.key].label} already."
        may = screen.allows("edit_view") and screen.may_change(record)
        is_locked = screen.listing.key_of(record) in screen.locked_ids()
        return None if may and not is_locked else f"You may not change this {noun}."

    def _created(self, row: Given) -> Outcome:
        new = {
            name: text for name, text in row.texts.items() if text.strip() and self.fields[name].is_written
        }
        form = self.importer.fill(self.importer.new_form, {**self.usual, **new}, None)
        if errors := self._errors(form, None):
            return Outcome(row.number, Does.REFUSE, errors)
        after = {name: words_of(form, name) for name in new if name in form}
        return Outcome(row.number, Does.CREATE, name=self._title(form, None), after=after, data=(None, form))

    def _changed(self, row: Given, record: Any) -> Outcome:
        fill, its, before = self.importer.fill, self.importer.form, dict(self.importer.values(record))
        new = {
            name: text
            for name, text in row.texts.items()
            if name in before and self.fields[name].is_written and (text.strip() or self.how.clears)
        }
        form = fill(its, {**before, **new}, record)
        if errors := self._errors(form, record):
            return Outcome(row.number, Does.REFUSE, errors)
        differing = [name for name in new if text_of(form[name]) != before[name]]
        name = self._title(form, record)
        if not differing:
            return Outcome(row.number, Does.NOTHING, name=name)
        old = fill(its, before, record)
        return Outcome(
            row.number,
            Does.CHANGE,
            name=name,
            before={each: words_of(old, each) for each in differing},
            after={each: words_of(form, each) for each in differing},
            data=(record, form),
        )

    def _errors(self, form: RecordForm, record: Any) -> dict[str, str]:
        form.validate()
        errors = {field.name: str(field.errors[0]) for field in form if field.errors}
        if form.form_errors:
            errors[""] = str(form.form_errors[0])
        if errors:
            return errors
        try:
            self.importer.refuse(form, record)
        except Refusal as refusal:
            return {refusal.field or "": str(refusal)}
        return {}

    def _title(self, form: RecordForm, record: Any) -> str:
        name = self.record.title.key
        return text_of(form[name]) if name in form else str(getattr(record, name, "") or "")
