"""Importing records by the forms that create and edit them, so that a file obeys the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict

from dashboard.admin.features.form_fields import fields_of
from dashboard.admin.features.form_rows import Batch
from dashboard.admin.features.record_files import RecordFiles
from dashboard.admin.features.related_records import RelatedRecords, forget_known, is_known, with_part
from dashboard.admin.kit.forms import RecordForm, plain
from dashboard.admin.kit.screen import Screen
from dashboard.database.keys import key_text
from dashboard.database.types import python_type
from dashboard.extensions import db
from dashboard.importing.fields import Given, ImportField, Matching, Outcome, RowRefused, file_field
from dashboard.refusal import Refusal
from dashboard.registry import Record

AT_ONCE = 1000
"""Rows that are written in one transaction: a form takes about a millisecond."""
EXAMPLES = 2
FEW = 3
"""Rows that are quicker written one by one than at once."""
Filled = Callable[[type[RecordForm], Mapping[str, str], Any], RecordForm]


def filled(form: type[RecordForm], texts: Mapping[str, str], record: Any) -> RecordForm:  # noqa: ARG001
    """The form with these texts as if they had been sent."""
    return form(formdata=MultiDict(texts), meta={"csrf": False})


def _allow(form: RecordForm, record: Any) -> None:
    """Refuse nothing besides what the form refuses."""


def _one_by_one(_wanted: Sequence[tuple[Any, Any]]) -> bool:
    """Write nothing: the flow writes one record at a time."""
    return False


def _no_importer(_model: type[Any]) -> None:
    """Return no importer: names that are unknown create nothing."""


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
        related: Callable[[type[Any]], FormImporter | None] = _no_importer,
    ) -> None:
        self.screen, (self.form, self.new_form) = screen, forms
        self.create, self.update, self.values = create, update, values
        self.fill, self.refuse, self.together, self.done = fill, refuse, together, done
        self.related = related

    @property
    def record(self) -> Record:
        """The kind of record."""
        return self.screen.record

    @property
    def fields(self) -> Sequence[ImportField]:
        """The fields that a cell can fill, lists of files, and the number that names a record."""
        new = self.fill(self.new_form, {}, None)
        return [*(self._with_related(each, new) for each in self.own_fields), *self._file_fields()]

    def _file_fields(self) -> list[ImportField]:
        """The lists of files of the records, for those who may change them."""
        feature = self.screen.feature(RecordFiles)
        if feature is None or not self.screen.allows("files_view"):
            return []
        return [file_field(each, feature.label(each)) for each in feature.declared.values()]

    @property
    def own_fields(self) -> Sequence[ImportField]:
        """The same without what they may create: of two kinds that refer to each other, both would ask."""
        blank, new = self.fill(self.form, {}, None), self.fill(self.new_form, {}, None)
        return fields_of(self.screen, blank, new)

    def examples(self, name: str) -> Sequence[str]:
        """The first records that a field can refer to; see `dashboard.importing.fields.Importer`."""
        form = self.fill(self.new_form, {}, None)
        target = getattr(form[name], "target", None) if name in form else None
        return [] if target is None else [target.text_of(*each) for each in target.first(EXAMPLES)]

    def _with_related(self, field: ImportField, form: RecordForm) -> ImportField:
        """A field that refers to others, with the noun of what an unknown name creates."""
        target = getattr(form[field.name], "target", None) if field.name in form else None
        # A record of its own kind might be another row of the file.
        if target is None or target.model is self.record.model:
            return field
        related = self.related_of(target)
        return replace(field, can_create=target.noun) if related and related.can_create else field

    def related_of(self, target: Any) -> RelatedRecords | None:
        """The way to create records that a field refers to; None where a file cannot."""
        importer = self.related(target.model)
        return None if importer is None else RelatedRecords(importer)

    def same(self, name: str, text: str) -> str:
        """The text that all texts of one value of a unique field have in common; blank for no value."""
        column = inspect(self.record.model).columns[name]
        if python_type(column.type) is str or not text.strip():
            return plain(text).strip()
        if name == self.record.key.key:
            value = self.record.read_key(text.strip())
        else:
            field = self.fill(self.form, {name: text}, None)[name]
            value = None if field.process_errors else getattr(field, "value", field.data)
        if value is None:
            return text.strip()  # no value, which the rules of the form refuse
        return str(value.normalize()) if isinstance(value, Decimal) else key_text(value)

    def outcomes(self, rows: Sequence[Given], how: Matching, *, lock: bool) -> Sequence[Outcome]:
        """Say what each row does; see `dashboard.importing.fields.Importer`."""
        forget_known()
        batch = Batch(self, how)
        batch.learn(rows)
        return batch.outcomes(rows, lock=lock)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Create and change records by the flows of the screen. Raises RowRefused."""
        for outcome in outcomes:
            if outcome.creates:
                self._create_related(outcome)
        if not self._write_together(outcomes):
            self._write_each(outcomes)

    def _create_related(self, outcome: Outcome) -> None:
        """Create what a row refers to, unless a row before did, and fill its form in."""
        record, later = outcome.data
        forget_known()
        texts, blank = dict(later.texts), self.fill(later.form, {}, None)
        for name, text in outcome.creates:
            target = blank[name].target
            related = self.related_of(target)
            try:
                if related is not None and not is_known(target, text):
                    texts[name] = with_part(blank[name], texts[name], text, related.create(text))
                    forget_known()
            except Refusal as refusal:
                raise RowRefused(outcome.number, f"{blank[name].label.text}: {refusal}") from refusal
        form = self.fill(later.form, texts, record)
        form.given = later.lists
        if not form.validate():
            raise RowRefused(outcome.number, "A record that it refers to was changed at the same moment.")
        outcome.data = (record, form)

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
