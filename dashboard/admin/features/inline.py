"""Editing single cells of a list: the data for it on the page, and the address that saves a cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.admin.features.merging import author_of, recorded_name
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.versions import read_row, short_digest, sign_rows
from dashboard.database.keys import Key, key_of
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.past import read_past
from dashboard.history.recording import describe
from dashboard.listing.columns import Badge, CellValue
from dashboard.listing.filters import Pairs
from dashboard.listing.page import ListPage
from dashboard.permissions import Access
from dashboard.refusal import Refusal

SEPARATOR = "."
"""Between the digests of the cells of a row without a version."""


@dataclass(frozen=True)
class CellInput:
    """How a column is edited: by ``options`` (value, label), or as text with the keyboard ``inputmode``."""

    inputmode: str = "text"
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class EditableCells:
    """The data of a list with editable cells; ``inputs`` are columns, each with its `CellInput` as JSON."""

    url: str
    versions: str
    inputs: Pairs


class Inline(Feature[Screen]):
    """The cells of the columns in ``cells`` can be edited in the list.

    ``set_cell`` changes one field of a record to a typed text, or raises Refusal. ``values`` returns the
    values of a record as its fields hold them.
    """

    def __init__(
        self,
        cells: Mapping[str, CellInput],
        *,
        set_cell: Callable[[Any, str, str], None],
        values: Callable[[Any], Mapping[str, str]],
    ) -> None:
        self.cells, self.set_cell, self.values = cells, set_cell, values

    def on_list(self, page: ListPage) -> Mapping[str, Any]:
        """The data for editing cells, where the current user may."""
        if not self.screen.allows("cell_view"):
            return {}
        inputs = tuple((name, _as_json(name, each)) for name, each in self.cells.items())
        versions = sign_rows(self.screen.endpoint, self.states_of(page))
        return {"cells": EditableCells(url_for(".cell_view"), versions, inputs)}

    @route("/cell/", Access.WRITE, methods=("POST",))
    def cell_view(self) -> ResponseReturnValue:
        """Save one cell, unless another user has saved its record since the list was loaded."""
        field, text = request.form.get("field", ""), request.form.get("value", "")
        if field not in self.cells:
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
            return jsonify(error=str(refusal)), 422
        db.session.commit()
        return jsonify(self.answer(record, field))

    def states_of(self, page: ListPage) -> Iterator[tuple[Key, str]]:
        """The state of each row: its version, else a digest of each cell that is shown and can be edited."""
        key_type = page.listing.key.type
        shown = {name: place for place, name in enumerate(page.state.columns)}
        places = [shown.get(name) for name in self.cells]
        for row in page.rows:
            cells = ("" if at is None else short_digest(_label(row.values[at])) for at in places)
            yield (
                key_of(key_type, row.id),
                str(row.version) if row.version is not None else SEPARATOR.join(cells),
            )

    def state(self, record: Any) -> str:
        """The state of the row of a record; see `states_of`."""
        version = self.screen.record.version_of(record)
        if version is not None:
            return str(version)
        return SEPARATOR.join(short_digest(_label(self.shown(record, name))) for name in self.cells)

    def is_outdated(self, record: Any, field: str, state: str) -> bool:
        """Whether a row of this state shows something else than is stored: in any field, or in this cell."""
        version = self.screen.record.version_of(record)
        if version is not None:
            return state != str(version)
        cells = dict(zip(self.cells, state.split(SEPARATOR), strict=False))
        return cells.get(field) != short_digest(_label(self.shown(record, field)))

    def answer(self, record: Any, field: str) -> dict[str, Any]:
        """A cell as the list shows it and as its field holds it, and all cells of the row with their version.

        All cells, because the row gets a new version: a cell that still showed an older value would pass the
        next check of the version.
        """
        cells = {name: self.cell(record, name) for name in self.cells}
        key = self.screen.record.key_of(record)
        version = sign_rows(self.screen.endpoint, [(key, self.state(record))])
        return {**cells[field], "value": self.values(record)[field], "version": version, "cells": cells}

    def conflict(self, record: Any, field: str, state: str) -> str:
        """Say who changed a cell since its row had `state` and to what, or that another field was changed."""
        shown = self.cell(record, field)["shown"]
        since = int(state) if self.screen.record.version_of(record) is not None else 0
        touches = read_past(db.session, record, since).touches(since)
        if touch := touches.get(recorded_name(field, touches)):
            return f"{author_of(touch)} changed this to {shown}."
        name, still = author_of(next(iter(touches.values()), None)), "still" if touches else "now"
        return f"{name} changed this {self.screen.singular}. This field is {still} {shown}."

    def cell(self, record: Any, field: str) -> dict[str, Any]:
        """A cell as the list shows it."""
        shown = self.shown(record, field)
        label, tone = shown if isinstance(shown, Badge) else (shown, None)
        return {"shown": label, "tone": tone}

    def shown(self, record: Any, field: str) -> CellValue:
        """The value of a cell as the list shows it."""
        column = next(column for column in self.screen.listing.columns if column.name == field)
        return column.show(*(getattr(record, expression.key) for expression in column.sql))


def _label(shown: CellValue) -> str:
    return shown.label if isinstance(shown, Badge) else str(shown)


@cache
def _as_json(field: str, cell: CellInput) -> str:
    return json.dumps({"field": field, **asdict(cell)})
