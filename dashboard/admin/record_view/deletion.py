"""Deleting a record that others refer to: they are moved to another one or cleared, in one change set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import literal, select

from dashboard.admin.features.deletion import Delete
from dashboard.admin.kit.asking import about, ask_or_do
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.selection import SEEN, Selection
from dashboard.admin.record_view.holders import (
    Held,
    Holder,
    HolderForm,
    choose,
    holder_form,
    holder_of,
    refer,
)
from dashboard.admin.record_view.released import release_all
from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.history.recording import usually
from dashboard.permissions import Access
from dashboard.trash.dependents import Dependent
from dashboard.trash.holders import why_held


class DeleteHeld(Delete):
    """Records can be deleted; the question asks what happens to those that refer to one."""

    def __init__(self, remove: Callable[[Sequence[Any]], int]) -> None:
        super().__init__(remove)
        self.holders: Sequence[Holder] = ()
        self.others: Sequence[Dependent] = ()
        self.form: type[HolderForm] | None = None

    def learn(self, screens: Mapping[str, Any]) -> None:
        """Learn what can refer to the records, once all screens are there."""
        its = self.screen.trash.holders
        found = [holder_of(each, place, screens) for place, each in enumerate(its)]
        self.holders = [each for each in found if each is not None]
        self.others = [each for each, holder in zip(its, found, strict=True) if holder is None]
        self.form = holder_form(self.screen.model, self.holders) if self.holders else None

    @route("/delete/", Access.WRITE, methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """Ask on GET, delete on POST; ask again where an answer is missing."""
        if request.method != WRITES:
            return ask_or_do(self.screen, self.question, self.delete)
        record = self.screen.get_or_404()
        form = self.form_about(record)
        if form is not None and not form.validate():
            seen, question = read_id(request.form.get(SEEN, "")) or 0, self.question(record, form)
            return self.screen.confirm(about(self.screen, record, seen, question))
        return ask_or_do(self.screen, self.question, partial(self.delete_with, form))

    def held(self, record: Any) -> list[Held]:
        """The records that refer to a record and keep it from being deleted."""
        return [held for each in self.holders if (held := each.holding(record))]

    def form_about(self, record: Any) -> HolderForm | None:
        """The form that asks what happens to what refers to a record; None where nothing can be offered."""
        held = self.held(record)
        is_stuck = not all(each.can_be_released for each in held) or self._is_held_by_others(record)
        if self.form is None or not held or is_stuck:
            return None
        form = self.form()
        form.ask_about(held, getattr(record, self.screen.columns.key.key), self.screen.singular)
        return form

    def question(self, record: Any, form: HolderForm | None = None) -> Confirmation:
        """Ask whether to delete a record, and what happens to those that refer to it."""
        question, form = super().question(record), form or self.form_about(record)
        if form is not None:
            words = f"{refer(form.held)} to it. {choose(form.held)} {question.consequence}"
            return replace(question, form=form, consequence=words)
        why_not = why_held(self.screen.trash, [self._row(record)])
        return replace(question, consequence=why_not) if why_not else question

    def _is_held_by_others(self, record: Any) -> bool:
        row = self._row(record)
        found = [
            select(literal(1)).where(each.column == row[each.target.name]).limit(1) for each in self.others
        ]
        return any(db.session.scalar(each) is not None for each in found)

    def _row(self, record: Any) -> dict[str, Any]:
        """The values of a record by which others refer to it."""
        columns = [self.screen.trash.key, *(each.target for each in self.screen.trash.holders)]
        mapper = self.screen.columns.mapper
        return {each.name: getattr(record, mapper.get_property_by_column(each).key) for each in columns}

    def delete_with(self, form: HolderForm | None, chosen: Selection) -> str:
        """Delete a record after what refers to it was moved or cleared as the form says."""
        if form is None:
            return self.delete(chosen)
        usually(db.session, kind=ChangeKind.DELETE)
        changed = release_all(form.releases())
        return f"{self.delete(chosen)} {changed}"
