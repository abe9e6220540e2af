"""The forms of an import: the file, how it is read, and what its columns mean."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput

from dashboard.admin.kit.forms import ConsoleForm
from dashboard.bounds import PASTED
from dashboard.importing.choices import BLANKS, BOTH, KEEP, MODES, Choices
from dashboard.importing.fields import Importer, ImportField
from dashboard.importing.notation import DATES, NUMBERS
from dashboard.sheets.delimiters import DELIMITERS
from dashboard.sheets.encodings import ENCODINGS, EncodingQuestion
from dashboard.web.forms import AtMost

EITHER = "Choose a file or paste rows, not both."
NEITHER = "Choose a file, or paste rows below."
SUFFIXES = ".csv,.tsv,.txt,.xlsx"
ARCHIVES = ",.zip"
SIGNS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
NO_KEY = "Every row is a new record"


def _labelled(labels: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class UploadForm(ConsoleForm):
    """The file of an import, or rows that were copied from a spreadsheet."""

    file = FileField("File", render_kw={"accept": SUFFIXES})
    text = TextAreaField(
        "Or paste from a spreadsheet",
        [AtMost(PASTED, 1)],
        description="Copy the cells, with the names of the columns in the first row.",
        render_kw={"spellcheck": "false", "autocomplete": "off"},
    )

    def validate_file(self, field: FileField) -> None:
        """Want a file or pasted rows, and not both."""
        pasted = bool((self.text.data or "").strip())
        if bool(field.data) == pasted:
            raise ValidationError(EITHER if pasted else NEITHER)

    @property
    def is_pasted(self) -> bool:
        """Whether rows were pasted."""
        return not self.file.data

    @property
    def source(self) -> tuple[str, BinaryIO]:
        """The name and the bytes of what was sent; pasted rows have no name."""
        if self.is_pasted:
            return "", io.BytesIO(self.text.data.encode("utf-8", "replace"))
        return self.file.data.filename or "", self.file.data.stream


class ReadingForm(ConsoleForm):
    """How a file is read: the encoding and the separator of a text, the sheet of a workbook."""

    encoding = SelectField("Encoding", choices=[])
    delimiter = SelectField("Columns are separated by", choices=[])
    sheet = SelectField("Sheet", choices=[])

    def offer(self, params: Mapping[str, Any], question: EncodingQuestion | None) -> None:
        """Offer the answers to the question, the sheets of a workbook, or else what texts can have."""
        if question is not None:
            self.encoding.choices = [SelectChoice(each.encoding, each.label) for each in question.candidates]
            del self.delimiter, self.sheet
            return
        if names := params.get("sheets"):
            self.sheet.choices = [SelectChoice(name, name) for name in names]
            del self.encoding, self.delimiter
            return
        known = params.get("form", {}).get("encoding", "utf-8")
        labels = {**ENCODINGS, known: encoding_name(known)}
        self.encoding.choices = [SelectChoice(name, label) for name, label in labels.items()]
        self.delimiter.choices = [SelectChoice(sign, SIGNS[sign]) for sign in DELIMITERS]
        del self.sheet

    def answers(self) -> dict[str, str]:
        """The answers, as `recognised` takes them."""
        return {field.name: field.data for field in self if field.name != "csrf_token"}


def encoding_name(encoding: str) -> str:
    """The name of the encoding that a file was read in."""
    return ENCODINGS.get(encoding, encoding.upper()) if encoding != "utf-8" else "UTF-8"


class ColumnFields(Field):  # type: ignore[misc]
    """The names of fields, one for each column of the file, or a blank."""

    data: list[str]

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the names that were sent."""
        self.data = [*valuelist]


class Several(SelectMultipleField):  # type: ignore[misc]
    """Some of the choices, each with a checkbox."""


class ChoicesForm(ConsoleForm):
    """The meaning of the columns of a file, and what its rows may do."""

    columns = ColumnFields("Columns")
    key = SelectField(
        "Rows find their records by", choices=[], description="The field that tells records apart."
    )
    mode = RadioField("Rows may", choices=_labelled(MODES), default=BOTH)
    blank = RadioField("A blank cell of an existing record means", choices=_labelled(BLANKS), default=KEEP)
    numbers = RadioField("The file writes numbers like", choices=_labelled(NUMBERS), default="point")
    dates = RadioField("The file writes dates with the", choices=_labelled(DATES), default="year")
    related = Several("Create what is not there yet", choices=[], option_widget=CheckboxInput())

    @classmethod
    def of(cls, importer: Importer, chosen: Choices | None, *, is_sent: bool) -> ChoicesForm:
        """The form for the fields of a kind of record: with what was sent, if it is, or else the choices."""
        its: dict[str, Any] = {} if chosen is None else chosen.as_json()
        form = cls(data=its) if is_sent else cls(formdata=None, data=its)
        fields = importer.fields
        form.key.choices = [SelectChoice("", NO_KEY), *_choices(each for each in fields if each.is_key)]
        form.related.choices = [SelectChoice(each.name, each.label) for each in related(fields)]
        if not form.related.choices:
            del form.related
        return form

    def choices(self) -> Choices:
        """The choices of a valid form."""
        sent = {*self.related.data} if "related" in self else set()
        return Choices(
            columns=self.columns.data or [],
            key=self.key.data,
            mode=self.mode.data,
            blank=self.blank.data,
            numbers=self.numbers.data,
            dates=self.dates.data,
            related=sorted(sent & {*(self.columns.data or [])}),
        )


def related(fields: Sequence[ImportField]) -> Iterable[ImportField]:
    """The fields whose unknown names may create records."""
    return (each for each in fields if each.can_create)


def _choices(fields: Iterable[ImportField]) -> list[SelectChoice]:
    return [SelectChoice(each.name, each.label) for each in fields]
