"""Editing single cells of a list: the data for it on the page, and the address that saves a cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.admin.features.cell_block import MOST, CellBlock, read_block
from dashboard.admin.features.cell_inputs import (
    SEPARATOR,
    CellInput,
    EditableCells,
    as_cell,
    as_json,
    carried,
    digests,
    source_of,
)
from dashboard.admin.features.merging import author_of, recorded_name
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.undo import undo_here
from dashboard.admin.kit.versions import read_row, short_digest, sign_rows
from dashboard.admin.ledger.reverting import (
    ask_for_proof_of,
    find_change_set,
    require_seeing,
    require_writing,
)
from dashboard.database.keys import Key, key_of, key_text
from dashboard.extensions import db
from dashboard.history.models import ChangeKind, Origin
from dashboard.history.past import Touch, read_past
from dashboard.history.reasons import demands_reason
from dashboard.history.recording import describe
from dashboard.history.revert import Part, revert
from dashboard.listing.fetching import rows_of
from dashboard.listing.page import ListPage
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.words import ago


class Inline(Feature[Screen]):
    """The cells of the columns in ``cells`` can be edited in the list.

    ``set_cells`` changes fields of a record to typed texts, or raises Refusal. ``values`` returns the
    texts of the fields of a record, ``written`` the text for one value of `Listing.stored`. Where records
    have no version, every column in ``cells`` has to be one of these. ``prefilled`` makes of such a text the
    one that a person edits. ``after`` is called after the commit.
    """

    def __init__(
        self,
        cells: Mapping[str, CellInput],
        *,
        set_cells: Callable[[Any, Mapping[str, str]], None],
        values: Callable[[Any], Mapping[str, str]],
        written: Callable[[str, Any], str] = lambda _name, value: str(value),
        prefilled: Callable[[str, str], str] = lambda _name, text: text,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self.cells, self.set_cells, self.values = cells, set_cells, values
        self.written, self.prefilled, self.after = written, prefilled, after

    def on_list(self, page: ListPage) -> Mapping[str, Any]:
        """The data for editing cells, where the current user may."""
        if not self.screen.allows("cell_view") or demands_reason(self.screen.kind):
            return {}  # the form has room for a reason
        inputs = tuple((name, as_json(name, each, source_of(each))) for name, each in self.offered().items())
        versions = sign_rows(self.screen.endpoint, self.states_of(page))
        texts = {str(key): self.edited(cells) for key, cells in self.texts_of(page)}
        held = json.dumps(texts, ensure_ascii=False) if texts else ""
        return {"cells": EditableCells(url_for(".cell_view"), versions, inputs, held)}

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
            self.type(record, {field: text})
        except Refusal as refusal:
            db.session.rollback()
            return jsonify(error=self.reason(refusal, field)), 422
        undo = self.commit()
        return jsonify({**self.answer(record, field), "undo": undo})

    @route("/cell/block/", Access.WRITE, methods=("POST",))
    def cell_block_view(self) -> ResponseReturnValue:
        """Say what a block of cells would change; save all of it if ``confirmed`` and nothing is amiss.

        The answer has a version of its rows, with which what it shows can be saved.
        """
        form = request.form
        block = CellBlock(self, read_block(form.get("cells", ""), form.get("versions", "")))
        describe(db.session, origin=Origin.LIST)
        found, is_confirmed = block.type(), form.get("confirmed") == "1"
        if not is_confirmed or any(each.error or each.overtaken for each in found):
            db.session.rollback()
            version = sign_rows(self.screen.endpoint, block.states.items())
            shown = jsonify(cells=[asdict(each) for each in found], version=version)
            return shown, 409 if is_confirmed else 200
        undo = self.commit()
        return jsonify(rows=self.rows(block.records), undo=undo)

    @route("/cell/undo/", Access.WRITE, methods=("POST",))
    def cell_undo_view(self) -> ResponseReturnValue:
        """Undo a change that the current user made in the list, and answer with its rows as they are then."""
        records = self.records_of(request.form.getlist("id")[:MOST])
        if not records:
            abort(404)
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
        return jsonify(rows=self.rows(records), undo=undo)

    def type(self, record: Any, typed: Mapping[str, str]) -> None:
        """Change cells of a record to what a person typed there; raises Refusal."""
        self.set_cells(record, {name: self.cells[name].from_page(text) for name, text in typed.items()})

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

    def edited(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Those texts of the cells of a row that the list has, as a person edits them."""
        return carried({name: self._shown(name, text) for name, text in texts.items()})

    def _shown(self, name: str, text: str) -> str:
        return self.cells[name].for_page(self.prefilled(name, text))

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
        value = self._shown(field, self.texts(record)[field])
        return {**row["cells"][field], "value": value, **row}

    def row(self, record: Any) -> dict[str, Any]:
        """All cells of a row as the list shows them, with their version.

        All cells, because the row gets a new version: a cell that still showed an older value would pass the
        next check of the version.
        """
        text = key_text(getattr(record, self.screen.listing.key.key))
        return self.rows({text: record})[text]

    def rows(self, records: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """All cells of these rows, by the texts of their keys, as `row` has them."""
        shown, listing = self.shown_of(records), self.screen.listing
        its = self.screen.record
        return {
            text: {
                "version": sign_rows(self.screen.endpoint, [(its.key_of(record), self.state(record))]),
                "cells": shown[text],
                **({"texts": self.edited(self.texts(record))} if listing.stored else {}),
            }
            for text, record in records.items()
        }

    def records_of(self, keys: Iterable[str]) -> dict[str, Any]:
        """The records with these keys that the current user may see, by the texts of the keys."""
        read = {self.screen.record.read_key(text): text for text in keys}
        found = self.screen.get_many([key for key in read if key is not None])
        name = self.screen.listing.key.key
        return {read[getattr(record, name)]: record for record in found}

    def conflict(self, record: Any, field: str, state: str) -> str:
        """Say who changed a cell since its row had `state` and to what, or that another field was changed."""
        shown = self.row(record)["cells"][field]["shown"] or "blank"
        has_version = self.screen.record.version_of(record) is not None
        since = int(state) if has_version else 0
        touches = read_past(db.session, record, since).touches(since)
        touch = touches.get(recorded_name(field, touches))
        if touch or not has_version:
            return f"{author_of(touch)} changed this{_when(touch)} to {shown}."
        last = next(iter(touches.values()), None)
        changed = f"{author_of(last)} changed this {self.screen.singular}{_when(last)}"
        return f"{changed.rstrip(',')}. This field is {'still' if touches else 'now'} {shown}."

    def shown_of(self, records: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
        """The cells of records that can be edited, by the texts of their keys, as the list shows them."""
        listing, wanted = self.screen.listing, {*self.cells}
        columns = [column for column in listing.columns if column.name in wanted]
        keys = {getattr(record, listing.key.key): text for text, record in records.items()}
        return {
            keys[row.id]: {
                column.name: as_cell(value) for column, value in zip(columns, row.values, strict=True)
            }
            for row in rows_of(db.session, listing, columns, [*keys])
        }


def _when(touch: Touch | None) -> str:
    """How long ago a change was, within a sentence; blank where nobody knows."""
    return f" {ago(touch.at)}," if touch else ""
