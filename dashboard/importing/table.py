"""The rows of the file of an import, as the fields that they fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from flask import current_app

from dashboard.importing.archive import Archive
from dashboard.importing.choices import Choices, read_choices
from dashboard.importing.fields import Does, Given, Importer, ImportField, Outcome
from dashboard.importing.files import GIVEN, opened, stored_file
from dashboard.importing.named_files import FilePurpose, NamedFiles
from dashboard.importing.notation import form_text
from dashboard.importing.seen import Seen
from dashboard.number_form import number_words
from dashboard.sheets.file_format import FileFormat
from dashboard.sheets.limits import Limits
from dashboard.sheets.reading import SheetRow, SheetRows, rows


class Read(NamedTuple):
    """A row of the file, and the outcome of one that is refused before any rule of its kind is asked."""

    row: SheetRow
    given: Given
    refused: Outcome | None


def import_limits() -> Limits:
    """The limits of files that are imported."""
    found: Limits = current_app.extensions["settings"].import_limits
    return found


class Table:
    """The table in the file of a job, whose ``params`` say where it lies and how it is written."""

    def __init__(self, file_job: int, params: Mapping[str, Any]) -> None:
        self.file_job, self.header = file_job, tuple(params["header"])
        self.form = FileFormat(**params["form"])
        self.media_type = params.get("media_type", GIVEN)
        self.archive: str = params.get("archive", "")
        """The path of the table in a ZIP; blank where it came by itself."""

    def rows(self, start: int = 0) -> SheetRows:
        """The rows whose number is above `start`. Raises Refusal where the file is gone or can't be read."""
        file = stored_file(self.file_job, self.media_type)
        return rows(opened(file), self.form, import_limits(), start)

    def files(self, purpose: FilePurpose, tell: Callable[[], None]) -> NamedFiles | None:
        """The files that rows can name; None where there is no ZIP. Raises Refusal where that is gone."""
        if not self.archive:
            return None
        archive = Archive(opened(stored_file(self.file_job)), import_limits())
        return NamedFiles(archive, self.archive.rpartition("/")[0], purpose, tell)

    def sample(self, number: int) -> Sequence[Sequence[str]]:
        """The cells of the first rows."""
        return [row.cells for row in islice(self.rows(), number)]

    @cached_property
    def number(self) -> int:
        """How many rows there are. Raises Refusal where the file can't be read to its end."""
        return sum(1 for _ in self.rows())


class Filled:
    """Turns rows into the texts of fields, by what the user chose; finds rows about the same record."""

    def __init__(
        self, importer: Importer, choices: Choices, seen: Seen, files: NamedFiles | None = None
    ) -> None:
        known = {each.name: each for each in importer.fields}
        self.choices, self.seen = choices, seen
        chosen = [(at, known[name]) for at, name in enumerate(choices.columns) if name]
        self.columns: list[tuple[int, ImportField]] = [pair for pair in chosen if pair[1].files is None]
        self.file_columns = [(at, each.files) for at, each in chosen if each.files is not None]
        self.files = files
        self.importer, self.key = importer, known.get(choices.key)
        self.unique = [each for _, each in self.columns if each.is_key and each.is_written]
        if self.key is not None and not self.key.is_written:
            self.unique.append(self.key)

    def read(self, batch: Sequence[SheetRow]) -> Sequence[Read]:
        """The rows of a batch, in their order."""
        found = [Read(row, self._given(row), _faulty(row)) for row in batch]
        for field in self.unique:
            values = {
                row.number: self.importer.same(field.name, given.texts[field.name])
                for row, given, refused in found
                if not refused
            }
            earlier = self.seen.add({n: f"{field.name}\0{value}" for n, value in values.items() if value})
            found = [
                Read(row, given, refused or self._of_value(field, row.number, values[row.number], earlier))
                for row, given, refused in found
            ]
        return found

    def _given(self, row: SheetRow) -> Given:
        if row.fault:
            return Given(row.number, {})
        numbers, dates, cells = self.choices.numbers, self.choices.dates, row.cells
        texts = {f.name: form_text(f, cells[at], numbers, dates) for at, f in self.columns}
        if self.files is None or not self.file_columns:
            return Given(row.number, texts)
        named = {each.field: self.files.in_cell(each, cells[at]) for at, each in self.file_columns}
        return Given(row.number, texts, named)

    def _of_value(
        self, field: ImportField, number: int, value: str, earlier: Mapping[int, int]
    ) -> Outcome | None:
        """The refusal of a row that has no key, or a unique value of an earlier row."""
        if number in earlier:
            return _refused(
                number, field.name, f"Row {number_words(earlier[number])} has the same {field.label}."
            )
        if value or field is not self.key or (not field.is_written and self.choices.creates):
            return None  # a row without a number is that of a new record
        return _refused(number, field.name, f"Enter the {field.label}, by which records are found.")


def batches(found: Iterator[SheetRow], number: int) -> Iterator[list[SheetRow]]:
    """The same rows, so many at a time."""
    while batch := [*islice(found, number)]:
        yield batch


def stored_format(form: FileFormat) -> dict[str, Any]:
    """A format as a job stores it."""
    return asdict(form)


def choices_of(params: Mapping[str, Any]) -> Choices:
    """The choices that a job stored."""
    return read_choices(params["choices"])


def _faulty(row: SheetRow) -> Outcome | None:
    return _refused(row.number, "", row.fault) if row.fault else None


def _refused(number: int, field: str, sentence: str) -> Outcome:
    return Outcome(number, Does.REFUSE, {field: sentence})
