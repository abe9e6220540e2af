"""Typing many cells of a list at once, as a block from a spreadsheet: shown first, then one change."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import abort

from dashboard.admin.kit.versions import read_row
from dashboard.extensions import db
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.text.characters import HALF, is_unicode

MOST = 1000
"""Cells of a block: ten columns of the longest page."""
LONGEST = 262_144
"""Characters in which a browser sends a block."""
INCOMPLETE = "The cells are incomplete. Reload the page and paste again."
TOO_MANY = "Paste at most {} cells at once. Import a file for more."
GONE = "This record was deleted, or you no longer have access."
LOCKED = "You may not change this record."


class Sent(NamedTuple):
    """A cell of a block: the key of its row, its column, what was typed, and the version it had."""

    key: str
    field: str
    text: str
    version: str


@dataclass
class Typed:
    """The effect of typing a cell: how it is shown before and after, or why it is refused.

    ``overtaken`` says what another user has saved there since the list was loaded.
    """

    key: str
    field: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    error: str | None = None
    overtaken: str | None = None


def read_block(cells: str, versions: str) -> list[Sent]:
    """The cells that a browser sent: a list of (key, column, text, place among the versions) as JSON.

    Answers 400 where they are incomplete, or more than `MOST`.
    """
    if len(cells) > LONGEST or len(versions) > LONGEST:
        abort(400, TOO_MANY.format(number_words(MOST)))
    try:
        listed, known = json.loads(cells), json.loads(versions)
        sent = [Sent(key, field, text, known[place]) for key, field, text, place in listed]
    except (ValueError, TypeError, LookupError, RecursionError):
        abort(400, INCOMPLETE)
    if not sent or not all(isinstance(text, str) for each in sent for text in each):
        abort(400, INCOMPLETE)
    if not all(is_unicode(text) for each in sent for text in (each.key, each.field, each.version)):
        abort(400, INCOMPLETE)
    if len(sent) > MOST:
        abort(400, TOO_MANY.format(number_words(MOST)))
    return sent


class CellBlock:
    """A block of cells of a list, and the records of its rows by the texts of their keys."""

    def __init__(self, inline: Any, sent: Sequence[Sent]) -> None:
        self.inline, self.sent, self.screen = inline, sent, inline.screen
        self.records = inline.records_of(dict.fromkeys(each.key for each in sent))
        self.states = {
            self.screen.record.key_of(record): inline.state(record) for record in self.records.values()
        }
        """The states of the rows before anything is typed."""

    def type(self) -> list[Typed]:
        """Type the cells into their records, without those that are refused; the caller commits or not."""
        before = self.inline.shown_of(self.records)
        found = [self._looked_at(each, before) for each in self.sent]
        allowed = defaultdict[str, list[tuple[Sent, Typed]]](list)
        for sent, typed in zip(self.sent, found, strict=True):
            if typed.error is None:
                allowed[sent.key].append((sent, typed))
        for cells in allowed.values():
            self._write(cells)
        after = self.inline.shown_of(self.records)
        for typed in found:
            typed.after = None if typed.error else after[typed.key][typed.field]
        return found

    def _write(self, cells: Sequence[tuple[Sent, Typed]]) -> None:
        """Type the cells of one record at once, as one change; where that is refused, one after the other."""
        if self._refusal([sent for sent, _ in cells]) is None:
            return
        for sent, typed in cells:
            typed.error = self._refusal([sent])

    def _looked_at(self, sent: Sent, before: Mapping[str, Mapping[str, Any]]) -> Typed:
        if sent.field not in self.inline.offered():
            abort(400, INCOMPLETE)
        record = self.records.get(sent.key)
        if record is None:
            return Typed(sent.key, sent.field, error=GONE)
        shown = before[sent.key][sent.field]
        if not self.screen.may_change(record):
            return Typed(sent.key, sent.field, shown, error=LOCKED)
        if not is_unicode(sent.text):
            return Typed(sent.key, sent.field, shown, error=HALF)
        state = read_row(self.screen.endpoint, self.screen.record.key_of(record), sent.version)
        is_late = self.inline.is_outdated(record, sent.field, state)
        overtaken = self.inline.conflict(record, sent.field, state) if is_late else None
        return Typed(sent.key, sent.field, shown, overtaken=overtaken)

    def _refusal(self, cells: Sequence[Sent]) -> str | None:
        """Type cells of one record; returns why they are refused."""
        try:
            with db.session.begin_nested():
                self.inline.type(self.records[cells[0].key], {each.field: each.text for each in cells})
        except Refusal as refusal:
            reason: str = self.inline.reason(refusal, cells[0].field)
            return reason
        return None
