"""The rows of the list of change sets: what changed from what to what, at a glance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.admin.ledger.change_display import FieldDiff, FilesThen, read_lines
from dashboard.admin.ledger.change_summary import ChangeSummary, summaries
from dashboard.admin.ledger.field_filter import labels_of
from dashboard.history.diff import Piece, condensed
from dashboard.history.models import Action
from dashboard.text.shortening import shortened

MOST_IN_ROW = 2
"""The fields of a row that are shown with their values."""
VALUE_SHOWN = 40
WORDS_BESIDE = 4
"""Unchanged words around the changes of a longer text."""
TEXT_SHOWN = 160


@dataclass(frozen=True)
class HistoryRow:
    """A change set in the list: ``fields`` with their values, and the labels of the ``others`` it changed."""

    summary: ChangeSummary
    fields: Sequence[FieldDiff] = ()
    others: Sequence[str] = ()


def read_rows(keys: Sequence[int], first: Collection[tuple[str, str]] = ()) -> list[HistoryRow]:
    """The change sets with these numbers, as far as the current user sees them.

    Of one record they are shown with its values, the fields in `first` before others; of more records only
    with the labels of the changed fields.
    """
    found = summaries(keys)
    its = [found[key] for key in keys if key in found]
    edits = [each for each in its if each.changes == 1 and each.first.action is Action.CHANGE]
    lines = read_lines([each.first for each in edits])
    diffs = {each.id: line.fields for each, line in zip(edits, lines, strict=True)}
    labels = labels_of([each.id for each in its if each.changes > 1])
    return [_row(each, diffs, labels, first) for each in its]


def _row(
    summary: ChangeSummary,
    diffs: Mapping[int, Sequence[FieldDiff]],
    labels: Mapping[int, Sequence[str]],
    first: Collection[tuple[str, str]],
) -> HistoryRow:
    kind = summary.first.record_kind
    fields = sorted(diffs.get(summary.id, ()), key=lambda field: (kind, field.name) not in first)
    shown, others = shortly(fields)
    return HistoryRow(summary, shown, others or labels.get(summary.id, ()))


def shortly(fields: Sequence[FieldDiff]) -> tuple[Sequence[FieldDiff], Sequence[str]]:
    """The first fields of a change as a row has room for them, and the labels of the others."""
    shown = [short for field in fields[:MOST_IN_ROW] if (short := _short(field))]
    names = {field.name for field in shown}
    return shown, [field.label for field in fields if field.name not in names]


def _short(field: FieldDiff) -> FieldDiff | None:
    """A field as a row has room for it; None where it has not, as for files and long texts."""
    if isinstance(field.before, FilesThen) or isinstance(field.after, FilesThen):
        return None
    if field.pieces:
        pieces = condensed(field.pieces, WORDS_BESIDE)
        return None if _length(pieces) > TEXT_SHOWN else replace(field, pieces=pieces)
    before, after = (
        shortened(value, VALUE_SHOWN) if isinstance(value, str) else value
        for value in (field.before, field.after)
    )
    return replace(field, before=before, after=after)


def _length(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)
