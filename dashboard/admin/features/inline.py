"""Editing single cells of a list: the data for it on the page, and the address that saves a cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.admin.features.merging import author_of, recorded_name
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.undo import undo_here
from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.kit.versions import LONG, read_row, short_digest, sign_rows
from dashboard.admin.ledger.reverting import (
    ask_for_proof_of,
    find_change_set,
    require_seeing,
    require_writing,
)
from dashboard.database.keys import Key, key_of
from dashboard.extensions import db
from dashboard.history.models import ChangeKind, Origin
from dashboard.history.past import Touch, read_past
from dashboard.history.recording import describe
from dashboard.history.revert import Part, revert
from dashboard.listing.columns import Badge, CellValue, LinkedText
from dashboard.listing.fetching import rows_of
from dashboard.listing.filters import Pairs
from dashboard.listing.page import ListPage
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.words import ago, day_words, iso_seconds

SEPARATOR = "."
"""Between the digests of the cells of a row without a version."""


@dataclass(frozen=True)
class CellInput:
    """How a column is edited: by ``options`` (value, label), or as text with the keyboard ``inputmode``.

    A column that refers to another record has its mapped class as ``refers_to``: its name is typed, and found
    while it is. Such a column cannot be edited by who may not see these records.
    """

    inputmode: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    refers_to: type[Any] | None = None


@dataclass(frozen=True)
class EditableCells:
    """The data of a list with editable cells; ``inputs`` are columns, each with its `CellInput` as JSON.

    ``texts`` are the texts of the cells by the keys of their rows, as JSON; blank where cells show them.
    """

    url: str
    versions: str
    inputs: Pairs
    texts: str = ""


class Inline(Feature[Screen]):
    """The cells of the columns in ``cells`` can be edited in the list.

    ``set_cell`` changes one field of a record to a typed text, or raises Refusal. ``values`` returns the
    texts of the fields of a record, ``written`` the text for one value of `Listing.stored`. Where records
    have no version, every column in ``cells`` has to be one of these. ``after`` is called after the commit.
    """

    def __init__(
        self,
        cells: Mapping[str, CellInput],
        *,
        set_cell: Callable[[Any, str, str], None],
        values: Callable[[Any], Mapping[str, str]],
        written: Callable[[str, Any], str] = lambda _name, value: str(value),
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self.cells, self.set_cell, self.values = cells, set_cell, values
        self.written, self.after = written, after

    def on_list(self, page: ListPage) -> Mapping[str, Any]:
        """The data for editing cells, where the current user may."""
        if not self.screen.allows("cell_view"):
            return {}
        inputs = tuple((name, _as_json(name, each, source_of(each))) for name, each in self.offered().items())
        versions = sign_rows(self.screen.endpoint, self.states_of(page))
        texts = {str(key): carried(cells) for key, cells in self.texts_of(page)}
        as_json = json.dumps(texts, ensure_ascii=False) if texts else ""
        return {"cells": EditableCells(url_for(".cell_view"), versions, inputs, as_json)}

    def offered(self) -> Mapping[str, CellInput]:
        """The cells that the current user may edit: a reference only where they see what it may refer to."""
        return {name: each for name, each in self.cells.items() if each.refers_to is None or source_of(each)}

    @route("/cell/", Access.WRITE, methods=("POST",))
    def cell_view(self) -> ResponseReturnValue:
        """Save one cell, unless another user has saved its record since the list was loaded."""
        field, text = request.form.get("field", ""), request.form.get("value", "")
        if field not in self.offered():
            abort(400, "This can't be edited in the list.")
        record = self.screen.get_or_404()
        if not self.screen.may_change(record):
            abort(403)
        key = self.screen.record.key_of(record)
        state = read_row(self.screen.endpoint, key, request.form.get("version", ""))
        if self.is_outdated(record, field, state):
            conflict = {**self.answer(record, field), "error": self.conflict(record, field, state)}
            return jsonify(conflict), 409  # it carries the new version: saving again is a decision
        describe(db.session, origin=Origin.LIST)
        try:
            self.set_cell(record, field, text)
        except Refusal as refusal:
            db.session.rollback()
            return jsonify(error=self.reason(refusal, field)), 422
        undo = self.commit()
        return jsonify({**self.answer(record, field), "undo": undo})

    @route("/cell/undo/", Access.WRITE, methods=("POST",))
    def cell_undo_view(self) -> ResponseReturnValue:
        """Undo a change that the current user made in the list, and answer with its row as it is then."""
        record = self.screen.get_or_404()
        change_set = find_change_set(request.form.get("set", ""))
        if change_set.author_id != current_user.id or change_set.origin is not Origin.LIST:
            abort(403)
        part = Part(change_set.id)
        require_writing(part)
        require_seeing(part)
        if ask_for_proof_of(part):  # a change in the list of another kind
            abort(403)
        describe(db.session, kind=ChangeKind.UNDO, reverts_id=part.change_set_id, origin=Origin.LIST)
        try:
            revert(db.session, part)  # other fields may have changed since: only this one was typed here
        except Refusal as refusal:
            db.session.rollback()
            return jsonify(error=str(refusal)), 422
        undo = self.commit()
        return jsonify({**self.row(record), "undo": undo})

    def commit(self) -> int | None:
        """Commit, and return the number of the change set that undoes it; None where there is nothing to."""
        db.session.flush()
        undo = undo_here()
        db.session.commit()
        self.after()
        return None if undo is None else undo.id

    def reason(self, refusal: Refusal, field: str) -> str:
        """Why a cell cannot be saved, after the label of the field where that is another one."""
        label = self.screen.record.fields.get(refusal.field or field)
        return str(refusal) if refusal.field in (None, field) or not label else f"{label}: {refusal}"

    def states_of(self, page: ListPage) -> Iterator[tuple[Key, str]]:
        """The state of each row: its version, else a digest of what each cell that can be edited holds."""
        if page.listing.version is not None:
            return ((key_of(page.listing.key.type, row.id), str(row.version)) for row in page.rows)
        return ((key, digests(cells)) for key, cells in self.texts_of(page))

    def texts_of(self, page: ListPage) -> Iterator[tuple[Key, Mapping[str, str]]]:
        """The texts of the cells of each row that can be edited, where the list reads them."""
        names = [column.key for column in page.listing.stored]
        for row in page.rows if names else ():
            values = zip(names, row.stored, strict=True)
            texts = {name: self.written(name, value) for name, value in values}
            yield key_of(page.listing.key.type, row.id), texts

    def state(self, record: Any) -> str:
        """The state of the row of a record; see `states_of`."""
        version = self.screen.record.version_of(record)
        return str(version) if version is not None else digests(self.texts(record))

    def texts(self, record: Any) -> Mapping[str, str]:
        """The texts of the cells of a record that can be edited."""
        values = self.values(record)
        return {name: values[name] for name in self.cells}

    def is_outdated(self, record: Any, field: str, state: str) -> bool:
        """Whether a row of this state shows something else than is stored: in any field, or in this cell."""
        version = self.screen.record.version_of(record)
        if version is not None:
            return state != str(version)
        cells = dict(zip(self.cells, state.split(SEPARATOR), strict=False))
        return cells.get(field) != short_digest(self.texts(record)[field])

    def answer(self, record: Any, field: str) -> dict[str, Any]:
        """A cell as the list shows it and as its field holds it, and its row."""
        row = self.row(record)
        return {**row["cells"][field], "value": self.texts(record)[field], **row}

    def row(self, record: Any) -> dict[str, Any]:
        """All cells of a row as the list shows them, with their version.

        All cells, because the row gets a new version: a cell that still showed an older value would pass the
        next check of the version.
        """
        key = self.screen.record.key_of(record)
        version = sign_rows(self.screen.endpoint, [(key, self.state(record))])
        more = {"texts": carried(self.texts(record))} if self.screen.listing.stored else {}
        return {"version": version, "cells": self.shown(record), **more}

    def conflict(self, record: Any, field: str, state: str) -> str:
        """Say who changed a cell since its row had `state` and to what, or that another field was changed."""
        shown = self.shown(record)[field]["shown"] or "blank"
        has_version = self.screen.record.version_of(record) is not None
        since = int(state) if has_version else 0
        touches = read_past(db.session, record, since).touches(since)
        touch = touches.get(recorded_name(field, touches))
        if touch or not has_version:
            return f"{author_of(touch)} changed this{_when(touch)} to {shown}."
        last = next(iter(touches.values()), None)
        changed = f"{author_of(last)} changed this {self.screen.singular}{_when(last)}"
        return f"{changed.rstrip(',')}. This field is {'still' if touches else 'now'} {shown}."

    def shown(self, record: Any) -> dict[str, dict[str, Any]]:
        """The cells of a record that can be edited, by their names, as the list shows them."""
        listing = self.screen.listing
        columns = [column for column in listing.columns if column.name in self.cells]
        [row] = rows_of(db.session, listing, columns, [getattr(record, listing.key.key)])
        return {column.name: as_cell(value) for column, value in zip(columns, row.values, strict=True)}


def as_cell(value: CellValue) -> dict[str, Any]:
    """A cell for the script: its text, and the tint of a badge, the moment or the address of a link."""
    if isinstance(value, datetime):
        return {"shown": day_words(value.date()), "tone": None, "moment": iso_seconds(value)}
    if isinstance(value, LinkedText):
        return {"shown": str(value), "tone": None, "url": value.url}
    label, tone = value if isinstance(value, Badge) else (value, None)
    return {"shown": label, "tone": tone}


def source_of(cell: CellInput) -> str:
    """The address that finds the records which a cell may refer to; blank where the user may not see them."""
    record = None if cell.refers_to is None else registry().find(cell.refers_to)
    if record is None or not record.allows(Access.READ):
        return ""
    return f"{ScreenUrls(record.endpoint).index}lookup/"


def digests(texts: Mapping[str, str]) -> str:
    """The digests of the texts of the cells of a row."""
    return SEPARATOR.join(map(short_digest, texts.values()))


def carried(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that a list has for its cells: a long one, or one of several lines, is edited in the form."""
    return {name: text for name, text in texts.items() if len(text) <= LONG and not {*text} & {*"\r\n"}}


def _when(touch: Touch | None) -> str:
    """How long ago a change was, within a sentence; blank where nobody knows."""
    return f" {ago(touch.at)}," if touch else ""


@lru_cache
def _as_json(field: str, cell: CellInput, source: str) -> str:
    its = {"field": field, "inputmode": cell.inputmode, "options": cell.options}
    return json.dumps({**its, "source": source} if source else its)
