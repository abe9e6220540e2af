"""Creating, changing, deleting and restoring the records of a `RecordView`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from flask_admin.contrib.sqla import ModelView

from dashboard.admin.kit.forms import RecordForm, with_fields
from dashboard.admin.kit.screen import Screen
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.child_rows.form import FormWithRows
from dashboard.admin.record_view.forms.moments import MomentField, in_utc
from dashboard.database.assigning import assign
from dashboard.extensions import db
from dashboard.files.lists import Attached
from dashboard.history.unused import unused_key
from dashboard.preferences import preferences
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.search.index import among
from dashboard.trash.flows import trash_records
from dashboard.trash.models import Trashed
from dashboard.trash.reverting import restore_trashed


class RecordFlow:
    """Changes to the records of a `RecordView`, each with the hooks of the class."""

    def __init__(self, view: Any) -> None:
        self.view, self.form, self.columns = view, view.edit_form_class, view.columns

    @cached_property
    def names(self) -> list[str]:
        """The columns that the form of a record has fields for."""
        return [*with_fields(self.form, self.view.declared.typed)]

    @cached_property
    def new_names(self) -> list[str]:
        """The columns that the form of a new record has fields for."""
        return [*with_fields(self.view.new_form_class, self.view.declared.typed_when_new)]

    def label_of(self, name: str) -> str:
        """The label of the field for a column."""
        return str(writing.blank(self.form)[name].label.text)

    def texts(self, record: Any) -> dict[str, str]:
        """The texts of the fields of a record."""
        return dict(writing.texts_of(self.form, self.names, record))

    def written(self, name: str, value: Any) -> str:
        """The text of a field that stands for a value."""
        return str(writing.blank(self.form)[name].written(value))

    def prefilled(self, name: str, text: str) -> str:
        """A text of a field as a person edits it in a cell."""
        field = writing.blank(self.form)[name]
        return field.prefilled(text) if isinstance(field, MomentField) else text

    def create(self, _screen: Screen, form: RecordForm) -> Any:
        """Add the record of a valid form, and its child rows."""
        record = self.add(form, form.given)
        if isinstance(form, FormWithRows):
            form.child_rows.write(form, record)
        return record

    def save(self, record: Any, form: RecordForm) -> None:
        """Change a record to a valid form, and its child rows."""
        self.update(record, form)
        if isinstance(form, FormWithRows):
            form.child_rows.write(form, record)

    def add(self, form: RecordForm, given: Values) -> Any:
        """Add a record with the values of a valid form, and those that are `given`."""
        record = self.view.build_new_instance()
        if (key := unused_key(self.view.record)) is not None:
            setattr(record, self.columns.key.key, key)
        with writing.refusing(self.columns), db.session.no_autoflush:
            self._fill_new(record, form, given)
            db.session.flush()
        writing.afterwards(self.view.after_model_change, form, record, True)
        return record

    def update(self, record: Any, form: RecordForm) -> None:
        """Change a record to a valid form."""
        with writing.refusing(self.columns), db.session.no_autoflush:
            self._fill(record, form)
            db.session.flush()
        writing.afterwards(self.view.after_model_change, form, record, False)

    def refuse_blanks(self, form: RecordForm, record: Any) -> None:
        """Raise Refusal for a blank field of a record, or of a new one, whose column cannot be blank."""
        names = self.new_names if record is None else self.names
        writing.refuse_blanks(form, [name for name in names if name in form], record, self.view.model)

    @cached_property
    def can_write_together(self) -> bool:
        """Whether no hook of the class may look at the records that were written just before."""
        return type(self.view).on_model_change is ModelView.on_model_change

    def write_together(self, wanted: Sequence[tuple[Any, RecordForm]]) -> bool:
        """Write very many records at once, new ones for None, each by a valid form; returns whether it did.

        It writes nothing where each record has to be written by itself. Raises Refusal where one of them is
        refused, without telling which.
        """
        if not self.can_write_together:
            return False
        written, key = list[tuple[RecordForm, Any, bool]](), unused_key(self.view.record)
        with writing.refusing(self.columns), db.session.no_autoflush:
            for known, form in wanted:
                record = self.view.build_new_instance() if known is None else known
                if known is None and key is not None:
                    setattr(record, self.columns.key.key, key)
                    key += 1  # the numbers after an unused one are unused too
                if known is None:
                    self._fill_new(record, form, form.given)
                else:
                    self._fill(record, form)
                written.append((form, record, known is None))
            db.session.flush()
        for each in written:
            writing.afterwards(self.view.after_model_change, *each)
        return True

    def _fill_new(self, record: Any, form: RecordForm, given: Values) -> None:
        names = [name for name in self.new_names if name not in given]
        _assign_all(record, given)
        writing.write(form, names, record, is_created=True)
        self.view.on_model_change(form, record, True)
        db.session.add(record)

    def _fill(self, record: Any, form: RecordForm) -> None:
        _assign_all(record, form.given)
        writing.write(form, self.names, record, is_created=False)
        self.view.on_model_change(form, record, False)

    def set_cells(self, record: Any, texts: Mapping[str, str]) -> None:
        """Change fields of a record to these texts, as if its whole form had been sent."""
        form = writing.filled(self.form, {**self.texts(record), **texts}, record)
        form.validate()
        for name in texts:
            if errors := form[name].errors:
                raise Refusal(str(errors[0]), name)
        self.update(record, form)

    def set_typed(self, record: Any, texts: Mapping[str, str]) -> None:
        """Change fields of a record to what a person typed in their cells."""
        self.set_cells(record, {name: self._as_typed(name, text) for name, text in texts.items()})

    def _as_typed(self, name: str, text: str) -> str:
        if not isinstance(writing.blank(self.form)[name], MomentField):
            return text
        try:
            return in_utc(text, preferences())
        except ValueError as error:
            raise Refusal(str(error), name) from error

    def change(self, record: Any, new: Values) -> None:
        """Give a record new values, as if its whole form had been sent; raises Refusal."""
        self.update(record, self._changed(self.texts(record), new, record))

    def _changed(self, texts: Mapping[str, str], new: Values, record: Any) -> RecordForm:
        """A form with these texts, and those of new values; raises Refusal where it does not take one."""
        texts = {**texts, **{name: self.written(name, value) for name, value in new.items()}}
        form = writing.filled(self.form, texts, record)
        for name in new:
            if faults := form[name].process_errors:
                raise Refusal(str(faults[0]), name)
        return form

    def change_together(self, wanted: Sequence[tuple[Any, Values]]) -> bool:
        """Give very many records new values at once; returns whether it did.

        It changes nothing where each record has to be changed by itself. Raises Refusal where one of them is
        refused, without telling which.
        """
        has_links = any(name in self.columns.collections for _, new in wanted for name in new)
        if has_links or not self.can_write_together:
            return False
        is_told = type(self.view).after_model_change is not ModelView.after_model_change
        shared, forms = dict[str, RecordForm](), list[RecordForm]()
        with writing.refusing(self.columns), db.session.no_autoflush:
            for record, new in wanted:
                if is_told:
                    forms.append(self._changed(self.texts(record), new, record))
                else:  # most records get the same values, and nobody asks for the others
                    if (its := repr(new)) not in shared:
                        shared[its] = self._changed({}, new, None)
                    forms.append(shared[its])
                writing.write(forms[-1], [*new], record, is_created=False)
            db.session.flush()
        for form, (record, _) in zip(forms, wanted, strict=True) if is_told else ():
            writing.afterwards(self.view.after_model_change, form, record, False)
        return True

    def set_files(self, record: Any, name: str, new: Attached) -> None:
        """Give a record another list of files. No hook is called, for those of Flask-Admin take a form."""
        with writing.refusing(self.columns):
            setattr(record, name, new)
            db.session.flush()

    def remove(self, records: Sequence[Any]) -> int:
        """Move records to the trash."""
        with writing.refusing(self.columns, writing.HELD_BY_OTHERS):
            for record in records:
                self.view.on_model_delete(record)
                writing.afterwards(self.view.after_model_delete, record)
            db.session.flush()
            return trash_records(
                self.view.trash, [getattr(record, self.columns.key.key) for record in records]
            )

    def restore(self, ids: Sequence[int]) -> int:
        """Restore the records that have these ids in the trash."""
        return restore_trashed(self.view.record, among(Trashed.id, ids))


def _assign_all(record: Any, given: Values) -> None:
    for name, value in given.items():
        assign(record, name, value)
