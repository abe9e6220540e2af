"""Creating, changing, deleting and restoring the records of a `RecordView`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.screen import Screen
from dashboard.admin.record_view import writing
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.search.index import among
from dashboard.trash.flows import trash_records
from dashboard.trash.models import Trashed
from dashboard.trash.reverting import restore_trashed


class RecordFlow:
    """What the features of a `RecordView` do to its records, each with the hooks of the class."""

    def __init__(self, view: Any) -> None:
        self.view, self.form, self.columns = view, view.edit_form_class, view.columns

    @cached_property
    def names(self) -> list[str]:
        """The columns that the form of a record has fields for."""
        return [name for name in self.view.declared.typed if name in vars(self.form)]

    def label_of(self, name: str) -> str:
        """The label of the field for a column."""
        return str(writing.blank(self.form)[name].label.text)

    def texts(self, record: Any) -> dict[str, str]:
        """The texts of the fields of a record."""
        return dict(writing.texts_of(self.form, self.names, record))

    def create(self, _screen: Screen, form: RecordForm) -> Any:
        """Add the record of a valid form."""
        record = self.view.build_new_instance()
        names = [name for name in self.view.declared.typed_when_new if name in vars(type(form))]
        with writing.refusing(self.columns), db.session.no_autoflush:
            writing.write(form, names, record, is_created=True)
            self.view.on_model_change(form, record, True)
            db.session.add(record)
            db.session.flush()
        writing.afterwards(self.view.after_model_change, form, record, True)
        return record

    def update(self, record: Any, form: RecordForm) -> None:
        """Change a record to a valid form."""
        with writing.refusing(self.columns), db.session.no_autoflush:
            writing.write(form, self.names, record, is_created=False)
            self.view.on_model_change(form, record, False)
            db.session.flush()
        writing.afterwards(self.view.after_model_change, form, record, False)

    def set_cell(self, record: Any, name: str, text: str) -> None:
        """Change one field of a record to a typed text, as if its whole form had been sent."""
        form = writing.filled(self.form, {**self.texts(record), name: text}, record)
        form.validate()
        if errors := form[name].errors:
            raise Refusal(str(errors[0]))
        self.update(record, form)

    def change(self, record: Any, new: Values) -> None:
        """Give a record new values, as if its whole form had been sent."""
        blank = writing.blank(self.form)
        texts = {name: blank[name].written(value) for name, value in new.items()}
        self.update(record, writing.filled(self.form, {**self.texts(record), **texts}, record))

    def remove(self, records: Sequence[Any]) -> int:
        """Move records to the trash."""
        with writing.refusing(self.columns):
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
