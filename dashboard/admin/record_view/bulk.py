"""Editing many records of a mapped class together: each field stays, is set, or is cleared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from dashboard.admin.features.bulk_edit import BulkEdit, BulkForm, RecordRefusal
from dashboard.admin.kit.forms import CONTROL, OWN, declared_field, plain, text_of
from dashboard.admin.ledger.value_words import in_words
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.bulk_ways import ADD, CLEAR, KEEP, is_edited, longest, ways
from dashboard.admin.record_view.columns import shown_as
from dashboard.admin.record_view.forms.fields import TextField, refuse_nul
from dashboard.admin.record_view.relations.collection import CollectionField, keys_in
from dashboard.admin.record_view.relations.targets import Target
from dashboard.admin.record_view.relations.together import InForm
from dashboard.bounds import LINKS
from dashboard.database.keys import Key, key_of, key_text
from dashboard.extensions import db
from dashboard.history.models import NOTE_LENGTH
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.text.replacing import LABELS, NOT_FOR_IT, TextChange, TextHow
from dashboard.text.shortening import quoted
from dashboard.web.forms import AtMost, TypedNumber, mark_made

HOW, FIND = "-how", "-find"
"""The ends of the names of fields that say what happens to another; no column is called so."""
LONGEST = 1000
"""Characters of what is found, and of what is put in its place."""
FEW = 3
"""Records that are quicker changed one by one than at once."""
SHOWN = 10
"""Records of a collection that a preview names."""
CONTROLS = frozenset(
    ["action", "confirm", "csrf_token", "id", "matching", "next", "number", "rowid", "seen", "stage"]
)
"""Fields of the same page, which decide what is edited and how; a column called so is sent as ``new-…``."""


class RecordBulkForm(BulkForm):
    """The changes to all selected records; fields with ``No change`` stay as they are."""

    names: Sequence[str] = ()
    longest: Mapping[str, int] = {}
    """The characters that the column of a text takes."""
    note = StringField(
        "Reason",
        [AtMost(NOTE_LENGTH, written=1), refuse_nul],
        name=f"{CONTROL}note",
        description="Optional. The history shows it.",
        render_kw={"maxlength": NOTE_LENGTH},
    )

    @property
    def groups(self) -> Sequence[tuple[str, Sequence[Any]]]:  # type: ignore[override]
        """Each field beside what happens to it."""
        return [(str(self[name + HOW].label.text), self._fields_of(name)) for name in self.names]

    def _fields_of(self, name: str) -> Sequence[Any]:
        find = (self[name + FIND],) if name + FIND in self else ()
        return (self[name + HOW], *find, self[name])

    def sent_text(self, field: Any) -> str:
        """The text of a field as it was sent."""
        return field.sent_text if isinstance(field, TypedNumber) else text_of(field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields that are set, and that something is to be changed."""
        super().validate(extra_validators)
        for name in self.names:
            if self._how(name) in LABELS:
                self._check_text(name)
            elif name + FIND in self and self[name + FIND].data:
                self.add_error(NOT_FOR_IT, name + FIND)
            elif self._how(name) in (KEEP, CLEAR):
                self._leave(name)
            elif isinstance(self[name], CollectionField) and not text_of(self[name]):
                self.add_error(f"Enter what to {self[name + HOW].data}.", name)
        if not self.errors and not any(map(self._how, self.names)):
            self.add_error("Choose what to change.")
        return not self.errors

    def _how(self, name: str) -> str:
        """The change of a field; one with something to find is replaced."""
        has_find = name + FIND in self and self[name + FIND].data
        return self[name + HOW].data or (TextHow.REPLACE.value if has_find else KEEP)

    def _check_text(self, name: str) -> None:
        """Check a change of texts; the rules of the field are for whole texts, which follow."""
        self[name].errors = []
        change = self._text_change(name)
        if change.fault:
            self.add_error(change.fault, name + FIND if change.how is TextHow.REPLACE else name)
        elif "\0" in change.text or len(change.text) > LONGEST:
            self.add_error(f"Enter at most {number_words(LONGEST)} characters that can be stored.", name)

    def _text_change(self, name: str) -> TextChange:
        typed = (self[name].raw_data or [""])[0]
        find = self[name + FIND].data or ""
        return TextChange(TextHow(self._how(name)), plain(typed), plain(find))

    def _leave(self, name: str) -> None:
        """Ignore a field that is not set; one that was filled in has an error, so that no text is lost."""
        self[name].errors = []
        typed = self.sent_text(self[name])
        is_typed = not isinstance(self[name], SelectField | BooleanField) and typed
        if is_typed and not self[name + HOW].data:
            is_key = isinstance(self[name], InForm) and not self[name].process_errors
            words = self[name].words_of(typed) if is_key else typed
            self.add_error(f"Choose what to do with {words}.", name + HOW)

    def apply(self, row: Values) -> Values:
        """The fields of a record that change, with their new values."""
        new = {}
        for name in self.names:
            how = self._how(name)
            value = self._value(name, how, row[name]) if how else row[name]
            if row[name] != value:
                new[name] = value
        return new

    def _value(self, name: str, how: str, before: Any) -> Any:
        """The new value of a field of a record."""
        field = self[name]
        if isinstance(field, CollectionField):
            return changed_keys(before, keys_in(field.data), is_added=how == ADD)
        if how in LABELS:
            return self._changed_text(name, before)
        return None if how == CLEAR else getattr(field, "value", field.data)

    def _changed_text(self, name: str, before: str | None) -> str | None:
        """The new text of a field; raises Refusal where it is too long. Its form judges the rest."""
        if not before or (new := self._text_change(name).apply(before)) == before:
            return before
        if (longest := self.longest.get(name)) and len(new) > longest:
            raise Refusal(
                f"It would have {number_words(len(new))} characters, and at most {number_words(longest)} fit."
            )
        if not new and not self[name].is_nullable:
            raise Refusal("Nothing would be left of it.")
        return new or None


def changed_keys(before: Sequence[Key], keys: Sequence[Key], *, is_added: bool) -> list[Key]:
    """The keys in a collection after some are added or removed; raises Refusal where they are too many."""
    found = {*before} | {*keys} if is_added else {*before} - {*keys}
    if len(found) > LINKS:
        raise Refusal(
            f"It would have {number_words(len(found))}, and a form takes at most {number_words(LINKS)}."
        )
    return sorted(found)


def bulk_form(view: Any) -> type[RecordBulkForm]:
    """The form that edits many records of a screen; unique columns have no field in it."""
    form, fields = view.edit_form_class, dict[str, Any]()
    names = [name for name in view.flow.names if is_edited(view, name)]
    blank = writing.blank(form)
    for name in names:
        label, is_collection = blank[name].label.text, name in view.columns.collections
        choices = [SelectChoice(*way) for way in ways(view, name)]
        # Under names that no column has: WTForms takes “filter_…” and “validate_…” for methods about others.
        fields[OWN + name + HOW] = SelectField(label, choices=choices, default=KEEP, name=name + HOW)
        which = "These" if is_collection else "New"
        if isinstance(blank[name], TextField):
            fields[OWN + name + FIND] = StringField(
                "Find",
                [AtMost(LONGEST, written=1), refuse_nul],
                name=name + FIND,
                description="Only to replace it. Capital letters count.",
            )
        fields[OWN + name] = _renamed(declared_field(form, name), f"{which} {label[:1].lower()}{label[1:]}")
        fields[OWN + name].name = f"new-{name}" if name in CONTROLS else name
    made = type(
        "BulkForm",
        (RecordBulkForm,),
        {
            **fields,
            "names": tuple(names),
            "longest": {name: its for name in names if (its := longest(view, name))},
            "__module__": view.model.__module__,
        },
    )
    mark_made(made)
    return made


def _renamed(unbound: Any, label: str) -> Any:
    """The same field with another label, and without the star of a required one."""
    given = unbound.kwargs.get("validators", ())
    validators = [each for each in given if not isinstance(each, InputRequired)]
    return type(unbound)(
        unbound.field_class, *unbound.args, **{**unbound.kwargs, "label": label, "validators": validators}
    )


class RecordBulkEdit(BulkEdit):
    """Records of a `RecordView` can be edited together, each with the hooks of its form."""

    def __init__(self, view: Any) -> None:
        self.view = view
        super().__init__(bulk_form(view), read=self.read_rows, change=self.change_rows, words=self.words_of)

    def read_rows(self, keys: Sequence[Any], *, lock: bool) -> Sequence[Values]:
        """The recorded values of records, each with its key."""
        stored = [*map(self._key, keys)]
        found = self.view.reverting.read(stored, lock=lock)
        return [{**found[key], "key": key} for key in stored if key in found]

    def change_rows(self, keys: Sequence[Any], change: Callable[[Values], Values]) -> int:
        """Change records as their form would, and return how many there are."""
        rows = self.read_rows(keys, lock=True)
        changed = {row["key"]: new for row in rows if (new := change(row))}
        records = self.view.get_many([key for key in keys if self._key(key) in changed])
        wanted = [(record, changed[self.view.record.key_of(record)]) for record in records]
        if not self._change_together(wanted):
            for record, new in wanted:
                self.change_one(record, new)
        return len(rows)

    def _change_together(self, wanted: Sequence[tuple[Any, Values]]) -> bool:
        """Change all records at once, if that can be; nothing of them is changed where one is refused."""
        if len(wanted) < FEW:
            return False
        try:
            with db.session.begin_nested():
                found: bool = self.view.flow.change_together(wanted)
                return found
        except Refusal:
            return False

    def change_one(self, record: Any, new: Values) -> None:
        """Change one record; raises RecordRefusal, which names it."""
        name = quoted(self.view.listing.name_of(record))
        try:
            self.view.flow.change(record, new)
        except Refusal as refusal:
            raise RecordRefusal(f"{name}: {refusal}", refusal.field) from refusal

    def after_step(self) -> None:
        """Call the hooks that wait for the commit."""
        writing.call_hooks()

    def _key(self, value: Any) -> Key:
        return key_of(self.view.columns.key.type, value)

    def words_of(self) -> Callable[[Values, str], str]:
        """Return a function that writes a field of a record for people."""
        return self._words

    def _words(self, values: Values, name: str) -> str:
        columns = self.view.columns
        if collection := columns.collections.get(name):
            return _names(Target(collection.mapper.class_), values[name])
        if reference := columns.references.get(name):
            return Target(reference.mapper.class_).name_of(values[name]) or "—"
        _, show = shown_as(columns.column(name).type)
        shown = show(values[name])
        return in_words(shown) if isinstance(shown, datetime) else str(shown or "—")


def _names(target: Target, keys: Sequence[Key]) -> str:
    """The records in a collection by their names; the first of many."""
    shown = [key_text(key) for key in keys[:SHOWN]]
    target.learn_keys(shown)
    more = f" and {number_words(len(keys) - SHOWN)} more" if len(keys) > SHOWN else ""
    return ", ".join(sorted(map(target.words_for, shown), key=str.casefold)) + more or "—"
