"""Which column of a file fills which field: by its name, by what it is for and by its cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dashboard.importing.fields import Importer, ImportField, Kind
from dashboard.importing.notation import date_text, number_text

SIGNS = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """A name without case, accents and signs, so that ``Unit price`` and ``unit_price`` are the same."""
    text = unicodedata.normalize("NFKD", name).casefold()
    return SIGNS.sub("", "".join(sign for sign in text if not unicodedata.combining(sign)))


def matched(
    importer: Importer, header: Sequence[str], sample: Sequence[Sequence[str]], *, has_files: bool = False
) -> list[str]:
    """Return the name of a field for each column, or a blank; no field twice.

    `sample` are the cells of some rows: a column is not matched with a field that takes none of them, nor
    with one of files unless the import `has_files`.
    """
    columns = [""] * len(header)
    fields = [each for each in importer.fields if has_files or each.files is None]
    for is_exact in (True, False):
        for at, name in enumerate(header):
            free = [each for each in fields if each.name not in columns]
            cells = [row[at] for row in sample if at < len(row) and row[at].strip()]
            if not columns[at] and (found := _match(free, folded(name), cells, is_exact=is_exact)):
                columns[at] = found.name
    return columns


def _match(
    fields: Sequence[ImportField], name: str, cells: Sequence[str], *, is_exact: bool
) -> ImportField | None:
    if not name:
        return None
    for field in fields:
        names = {folded(each) for each in (field.name, field.label, *field.others)}
        is_same = name in names if is_exact else any(_is_part(each, name) for each in names)
        if is_same and (is_exact or _takes(field, cells)):
            return field
    return None


def _is_part(field: str, name: str) -> bool:
    """Whether a longer name of a column holds the name of a field, as ``Product name`` does."""
    return len(field) > 2 and (name.endswith(field) or name.startswith(field))


def _takes(field: ImportField, cells: Sequence[str]) -> bool:
    """Whether cells can be values of a field."""
    if not cells or field.kind in (Kind.TEXT, Kind.LIST, Kind.FILES):
        return True
    return any(_can_be(field, cell) for cell in cells)


def _can_be(field: ImportField, cell: str) -> bool:
    if field.kind is Kind.NUMBER:
        return any(
            number_text(cell, how).replace(".", "").lstrip("-").isdigit() for how in ("point", "comma")
        )
    if field.kind is Kind.DATE:
        return any(date_text(cell, how)[:4].isdigit() for how in ("year", "day", "month"))
    return cell in field.choices or cell.strip().casefold() in field.choices
