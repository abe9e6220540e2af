"""The rows of a file as the forms of a kind of record see them: what each does, and why one is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import selectinload

from dashboard.admin.features.form_fields import parts_of, usual_texts, words_of
from dashboard.admin.features.related_records import Later, is_known, with_part
from dashboard.admin.kit.forms import RecordForm, plain, text_of
from dashboard.bounds import LINKS
from dashboard.database.locks import for_writing
from dashboard.database.types import python_type
from dashboard.extensions import db
from dashboard.importing.fields import Does, Given, Kind, Matching, Outcome
from dashboard.importing.file_lists import FileChange, FileLists
from dashboard.importing.notation import is_cut
from dashboard.refusal import Refusal


def _first(found: Mapping[Any, Any], keys: Sequence[Any]) -> Any:
    """Return the value of the first of the keys that are found; None where there is none."""
    return next((found[key] for key in keys if key in found), None)


class Batch:
    """Some rows, and what was read for all of them at once; `importer` is a `FormImporter`."""

    def __init__(self, importer: Any, how: Matching) -> None:
        self.importer, self.how, self.screen = importer, how, importer.screen
        self.record = importer.record
        self.usual = usual_texts(importer.new_form)
        self.blank, self.new = (importer.fill(form, {}, None) for form in (importer.form, importer.new_form))
        self.fields = {each.name: each for each in importer.fields}
        self.taken = dict[str, dict[Any, Any]]()
        self.held = list[Any]()
        """Records that collections are to have: the session forgets those that nothing refers to."""

    def learn(self, rows: Sequence[Given]) -> None:
        """Read what the rows refer to in few statements, before fields ask for each of them."""
        for name, field in self.fields.items():
            target = getattr(self._form_field(name), "target", None)
            if target is not None:
                found = (parts_of(field, row.texts.get(name, "")) for row in rows)
                texts = {text for parts in found if len(parts) <= LINKS for text in parts}
                both = {text for each in texts for text in (each, each.strip())}
                wanted = sorted(text for text in both if text and "\0" not in text)
                target.learn_many(wanted)
                if field.kind is Kind.LIST:
                    self.held += self._form_field(name).read_all(wanted)

    def _form_field(self, name: str) -> Any:
        """The field of the form that edits a record, or of that for a new one; None where no form has it."""
        return next((form[name] for form in (self.blank, self.new) if name in form), None)

    def outcomes(self, rows: Sequence[Given], *, lock: bool) -> Sequence[Outcome]:
        """The outcomes of rows; see `dashboard.importing.fields.Importer`."""
        name = self.how.key
        keys = {row.number: self._values(name, row.texts[name]) for row in rows} if name else {}
        records = self._find(name, [key for each in keys.values() for key in each], lock=lock)
        for each in self._lists():
            if any(each in row.texts for row in rows):
                self.blank[each].learn_all(getattr(record, each) for record in records.values())
        self._learn_files(rows, records.values())
        for field in self.fields.values():
            if field.is_key and field.is_written and field.name != name:
                self._learn_taken(field.name, rows)
        return [self._outcome(row, _first(records, keys.get(row.number, ()))) for row in rows]

    def _learn_files(self, rows: Sequence[Given], records: Iterable[Any]) -> None:
        """Read which files the records have in the lists that the rows fill."""
        names = {name for row in rows for name in row.files}
        self.files = FileLists(getattr(record, name) for record in records for name in names)

    def _value(self, name: str, text: str) -> Any:
        """The value of a unique column that a text stands for; None for another text."""
        if not self.fields[name].is_written:
            return self.record.read_key(text.strip())
        if python_type(inspect(self.record.model).columns[name].type) is str:
            return plain(text).strip() or None
        if name == self.record.key.key:  # only the form of a new record has a field for it
            return self.record.read_key(text.strip())
        field = self.importer.fill(self.importer.form, {name: text}, None)[name]
        return None if field.process_errors else getattr(field, "value", field.data)

    def _values(self, name: str, text: str) -> Sequence[Any]:
        """The values that a text may stand for, the likeliest first: another program may store blanks."""
        value = self._value(name, text)
        if value is None:
            return ()
        return (plain(text), value) if isinstance(value, str) and plain(text) != value else (value,)

    def _find(self, name: str, values: Sequence[Any], *, lock: bool) -> Mapping[Any, Any]:
        if not values:
            return {}
        statement = self.screen.visible().where(getattr(self.record.model, name).in_(values))
        lists = (selectinload(getattr(self.record.model, each)) for each in self._lists())
        statement = statement.options(*lists)
        if lock:
            statement = for_writing(statement, self.record.key)
        return {getattr(record, name): record for record in db.session.scalars(statement)}

    def _lists(self) -> list[str]:
        """The fields of the form that hold several records of a collection."""
        relations = inspect(self.record.model).relationships
        its = (name for name, field in self.fields.items() if field.kind is Kind.LIST)
        return [name for name in its if name in self.blank and name in relations]

    def _learn_taken(self, name: str, rows: Sequence[Given]) -> None:
        """Note the keys of the records that have the values of another unique field already."""
        wanted = [value for row in rows for value in self._values(name, row.texts.get(name, ""))]
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
            owner = _first(owners, self._values(name, row.texts.get(name, "")))
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
        its = self.importer.new_form
        creates, faults, known = self._related(new)
        form = self.importer.fill(its, {**self.usual, **known}, None)
        changes, wrong = self.files.changes(row, {}, clears=False)
        if errors := {**self._errors(form, None, creates), **faults, **wrong}:
            return Outcome(row.number, Does.REFUSE, errors)
        after = self._words(form, [name for name in new if name in form], creates)
        name = self._title(form, None)
        outcome = Outcome(row.number, Does.CREATE, name=name, after=after, creates=creates)
        return _writing(outcome, None, form, {**self.usual, **new}, changes)

    def _related(
        self, texts: Mapping[str, str]
    ) -> tuple[list[tuple[str, str]], dict[str, str], dict[str, str]]:
        """The names that create records, the errors of these, and the texts without them."""
        creates, faults, known = list[tuple[str, str]](), dict[str, str](), dict(texts)
        for name in self.how.creates_related & texts.keys():
            target = self._form_field(name).target
            related = self.importer.related_of(target) if self.fields[name].can_create else None
            parts = [*dict.fromkeys(map(str.strip, parts_of(self.fields[name], texts[name])))]
            if related is None or len(parts) > LINKS:  # the form refuses so many
                continue
            for part in [part for part in parts if part and not is_known(target, part)]:
                creates.append((name, part))
                known[name] = with_part(self._form_field(name), known[name], part, "")
                try:
                    related.form(part)
                except Refusal as refusal:
                    faults[name] = str(refusal)
        return creates, faults, known

    def _words(
        self, form: RecordForm, names: Sequence[str], creates: Sequence[tuple[str, str]]
    ) -> dict[str, str]:
        """The fields of a form as people know them, with the names of records that are to be created."""
        words = {name: words_of(form, name) for name in names}
        for name, text in creates:
            is_list = self.fields[name].kind is Kind.LIST
            words[name] = ", ".join(filter(None, (words.get(name), text))) if is_list else text
        return words

    def _changed(self, row: Given, record: Any) -> Outcome:
        fill, its, before = self.importer.fill, self.importer.form, dict(self.importer.values(record))
        new = {
            name: text
            for name, text in row.texts.items()
            if name in before and self.fields[name].is_written and (text.strip() or self.how.clears)
        }
        new = {name: before[name] if self._is_cut(name, text, record) else text for name, text in new.items()}
        creates, faults, known = self._related(new)
        new, known = (self._with_unseen(texts, before) for texts in (new, known))
        form = fill(its, {**before, **known}, record)
        now = {name: getattr(record, name) for name in row.files}
        changes, wrong = self.files.changes(row, now, clears=self.how.clears)
        if errors := {**self._errors(form, record, creates), **faults, **wrong}:
            return Outcome(row.number, Does.REFUSE, errors)
        waiting = {name for name, _ in creates}
        differing = [name for name in new if name in waiting or text_of(form[name]) != before[name]]
        name = self._title(form, record)
        if not differing and not changes:
            return Outcome(row.number, Does.NOTHING, name=name)
        old = fill(its, before, record)
        outcome = Outcome(
            row.number,
            Does.CHANGE,
            name=name,
            key=self.record.key_of(record),
            before={each: words_of(old, each) for each in differing},
            after=self._words(form, differing, creates),
            creates=creates,
        )
        return _writing(outcome, record, form, {**before, **new}, changes)

    def _is_cut(self, name: str, text: str, record: Any) -> bool:
        """Whether a text is that of the stored moment as files have it, which leave out parts of seconds."""
        stored = getattr(record, name, None) if self.fields[name].kind is Kind.DATE else None
        if not isinstance(stored, datetime) or not stored.microsecond:
            return False
        field = self.importer.fill(self.importer.form, {name: text}, None)[name]
        found = None if field.process_errors else getattr(field, "value", field.data)
        return isinstance(found, datetime) and is_cut(found, stored)

    def _with_unseen(self, texts: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
        """The texts of a row, with the records of collections that the user does not see: these stay."""
        unseen = {name: self.blank[name].unseen(before[name]) for name in self._lists() if name in texts}
        return {name: "\n".join([text, *unseen.get(name, ())]) for name, text in texts.items()}

    def _errors(self, form: RecordForm, record: Any, waiting: Sequence[tuple[str, str]]) -> dict[str, str]:
        """The errors of a form, but for fields that wait for a record and can be read apart from that."""
        form.validate()
        names = {name for name, _ in waiting}
        later = {field.name for field in form if field.name in names and not field.process_errors}
        errors = {
            field.name: str(field.errors[0]) for field in form if field.errors and field.name not in later
        }
        if form.form_errors:
            errors[""] = str(form.form_errors[0])
        if errors:
            return errors
        try:
            self.importer.refuse(form, record)
        except Refusal as refusal:
            return {} if refusal.field in later else {refusal.field or "": str(refusal)}
        return {}

    def _title(self, form: RecordForm, record: Any) -> str:
        name = self.record.title.key
        return text_of(form[name]) if name in form else str(getattr(record, name, "") or "")


def _writing(
    outcome: Outcome,
    record: Any,
    form: RecordForm,
    texts: Mapping[str, str],
    changes: Mapping[str, FileChange],
) -> Outcome:
    """The outcome of a row with its form, which waits for what it creates, and with its lists of files."""
    for name, change in changes.items():
        outcome.after = {**outcome.after, name: change.after}
        outcome.before = {**outcome.before, name: change.before}
    outcome.needs = [file for change in changes.values() for file in change.needs]
    form.given = {name: change.new for name, change in changes.items()}
    later = Later(type(form), texts, form.given)
    outcome.data = (record, later if outcome.creates else form)
    return outcome
