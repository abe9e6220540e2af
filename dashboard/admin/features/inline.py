"""Editing single cells of a list: what the page needs for it, and the one address that saves a cell."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, ClassVar

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from itsdangerous import BadSignature

from dashboard.admin.features.edit import ConsoleView
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.recording import describe
from dashboard.listing.columns import Badge
from dashboard.listing.filters import Pairs
from dashboard.listing.page import ListRow
from dashboard.refusal import Refusal
from dashboard.web.signing import signer

SALT = "versions of a page"


@dataclass(frozen=True)
class CellInput:
    """How a column is edited: a choice of ``options`` (value, label), or a text with a keyboard to offer."""

    inputmode: str = "text"
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class EditableCells:
    """What a list has to carry so that its cells can be edited; ``inputs`` are columns, each with JSON."""

    url: str
    versions: str
    inputs: Pairs


class InlineEdit(ConsoleView):
    """A screen with cells that can be edited in its list, as far as ``editable`` names their columns."""

    editable: ClassVar[Mapping[str, CellInput]]

    @abstractmethod
    def set_cell(self, record: Any, field: str, text: str) -> None:
        """Change one field of a record to what somebody typed; raises Refusal or a refusal."""

    def page(self, template: str, **context: Any) -> str:
        """Give lists what their cells need, where the person at hand may edit them."""
        if "listing" in context and self.allows("cell_view"):
            inputs = tuple((name, _as_json(name, each)) for name, each in self.editable.items())
            versions = self.sign_versions(context["listing"].rows)
            context["cells"] = EditableCells(url_for(".cell_view"), versions, inputs)
        return super().page(template, **context)

    @expose("/cell/", methods=("POST",))
    def cell_view(self) -> ResponseReturnValue:
        """Save one cell, unless somebody else saved its record since the list was loaded."""
        field, text = request.form.get("field", ""), request.form.get("value", "")
        if field not in self.editable:
            abort(400, "This cannot be changed in the list.")
        record = self.get_or_404()
        if not self.may_change(record):
            abort(403)
        if self.read_version(record.id) != record.version:
            return self.cell_conflict(record, field)
        describe(db.session, origin=Origin.LIST)
        try:
            self.set_cell(record, field, text)
        except Refusal as error:
            db.session.rollback()
            return jsonify(error=str(error)), 422
        db.session.commit()
        return jsonify(self.answer(record, field))

    def cell_conflict(self, record: Any, field: str) -> ResponseReturnValue:
        """Tell what is stored by now; saving again is then a decision."""
        return jsonify(self.answer(record, field)), 409

    def answer(self, record: Any, field: str) -> dict[str, Any]:
        """A cell as the list shows it and as its field holds it, and all cells of the row with their version.

        With the version of the row its other cells change too: one that still showed what was there before a
        colleague's change would pass the next check.
        """
        cells = {name: self.cell(record, name) for name in self.editable}
        value, version = self.form_values(record)[field], self.sign_versions([record])
        return {**cells[field], "value": value, "version": version, "cells": cells}

    def cell(self, record: Any, field: str) -> dict[str, Any]:
        """A cell as the list shows it."""
        column = next(column for column in self.listing.columns if column.name == field)
        shown = column.show(*(getattr(record, expression.key) for expression in column.sql))
        label, tone = shown if isinstance(shown, Badge) else (shown, None)
        return {"shown": label, "tone": tone}

    def sign_versions(self, records: Iterable[ListRow | Any]) -> str:
        """The versions of records as they are shown; one signature for all, which costs a page little."""
        versions = [f"{record.id}:{record.version}" for record in records]
        return signer(SALT).sign(" ".join([self.endpoint, *versions])).decode()

    def read_version(self, key: int) -> int:
        """The version that the request says was shown of a record; answers 400 where none can have been."""
        try:
            endpoint, *shown = signer(SALT).unsign(request.form.get("version", "")).decode().split(" ")
        except BadSignature:
            abort(400, "The list is incomplete. Reload it.")
        versions = dict(version.split(":") for version in shown)
        if endpoint != self.endpoint or str(key) not in versions:
            abort(400, "The list does not hold this record. Reload it.")
        return int(versions[str(key)])


@cache
def _as_json(field: str, cell: CellInput) -> str:
    return json.dumps({"field": field, **asdict(cell)})
