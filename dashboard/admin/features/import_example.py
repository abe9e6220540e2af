"""Examples of files that can be imported, made of the fields of a kind of record: a table, and a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from dashboard import clock
from dashboard.files.lists import Files
from dashboard.importing.choices import CREATE, Choices
from dashboard.importing.fields import Given, Importer, ImportField, Kind
from dashboard.importing.notation import form_text
from dashboard.pictures.media_types import PLAIN_TEXT
from dashboard.pictures.plain import plain_picture
from dashboard.sheets.csv_text import csv_line, quoted
from dashboard.sheets.neutralising import neutral
from dashboard.sheets.several import joined

ROWS = 2
COLOURS = ("steelblue", "seagreen", "darkorange")
TEXT = b"An example of a file.\n"


def example_lines(importer: Importer) -> Iterator[str]:
    """The lines of a CSV file with a header and two rows that the rules of the kind accept."""
    fields = [each for each in importer.fields if each.is_written and each.files is None]
    yield _line([each.name for each in fields])
    for row in _rows(importer, fields):
        yield _line([row[each.name] for each in fields])


def example_zip(importer: Importer, name: str) -> bytes:
    """A ZIP with the same table, called `name`, whose rows name files beside it."""
    fields = [each for each in importer.fields if each.is_written and each.files is None]
    lists = [each.files for each in importer.fields if each.files is not None]
    rows = [{**row} for row in _rows(importer, fields)]
    files = dict[str, bytes]()
    for declared in lists:
        for row, first in zip(rows, (0, 2), strict=True):
            its = _files(declared, first, 2 if declared.max > 1 and not first else 1)
            files |= its
            row[declared.field] = joined(its)
    header = [each.name for each in fields] + [each.field for each in lists]
    lines = [_line(header), *(_line([row[each] for each in header]) for row in rows)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in ((name, "".join(lines).encode()), *files.items()):
            archive.writestr(path, content)
    return target.getvalue()


def _files(declared: Files, first: int, number: int) -> dict[str, bytes]:
    """Files that a list takes, by their paths; {} where its types allow no example."""
    places = range(first, first + number)
    if declared.are_pictures:
        return {f"{declared.field}/{at + 1}.png": plain_picture(COLOURS[at]) for at in places}
    takes_text = not declared.types or PLAIN_TEXT in declared.types
    return {f"{declared.field}/{at + 1}.txt": TEXT * (at + 1) for at in places if takes_text}


def _line(cells: Sequence[str]) -> str:
    return csv_line(quoted(neutral(cell)) for cell in cells)


def _rows(importer: Importer, fields: Sequence[ImportField]) -> Sequence[Mapping[str, str]]:
    """Two rows; where the rules refuse a text, another is tried, and at last a blank if it can be."""
    texts = {each.name: [*_texts(each, importer), *([] if each.is_needed else [""])] for each in fields}
    known = {each.name: each for each in fields}
    how = Choices(columns=[*texts], mode=CREATE)
    at = [dict.fromkeys(texts, 0) for _ in range(ROWS)]
    for _ in range(max(map(len, texts.values()), default=0)):
        rows = [{name: texts[name][which] for name, which in row.items()} for row in at]
        cells = [
            {name: text.format(number) for name, text in row.items()} for number, row in enumerate(rows, 1)
        ]
        given = [
            Given(
                number,
                {name: form_text(known[name], text, how.numbers, how.dates) for name, text in row.items()},
            )
            for number, row in enumerate(cells, 1)
        ]
        found = importer.outcomes(given, how, lock=False)
        refused = [{name for name in each.errors if name in texts} for each in found]
        for row, names in zip(at, refused, strict=True):
            for name in names:
                row[name] = min(row[name] + 1, len(texts[name]) - 1)
        if not any(refused):
            break
    return cells


def _texts(field: ImportField, importer: Importer) -> Sequence[str]:
    """Texts of an example, the best first; ``{}`` stands for the number of the row."""
    today = f"{clock.now():%Y-%m-%d}"
    label = field.label.replace("{", "").replace("}", "")
    codes, names = (
        [text.replace("{", "{{").replace("}", "}}") for text in each if text]
        for each in (field.choices.values(), importer.examples(field.name))
    )
    kinds: Mapping[Kind, Sequence[str]] = {
        Kind.TEXT: (*names[:1], f"{label} {{}}", "example-{}"),
        Kind.LIST: (joined(names),),
        Kind.NUMBER: ("{}.50", "{}"),
        Kind.DATE: (today, f"{today} 12:00"),
        Kind.TRUTH: ("yes",),
        Kind.CHOICE: codes[:1],
    }
    return kinds[field.kind]
