"""Deleting records that others refer to: these are moved to another one or cleared, in one change set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import literal, select

from dashboard.admin.features.bulk_actions import DESTROYS, BulkActions
from dashboard.admin.features.deletion import Delete
from dashboard.admin.kit.asking import about, ask_or_do
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.selection import MAXIMUM_SELECTION, SEEN, Selection
from dashboard.admin.record_view.deletion.holder_form import HolderForm, holder_form
from dashboard.admin.record_view.deletion.holders import Held, Holder, choose, holder_of, refer
from dashboard.admin.record_view.deletion.released import release_all
from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.history.recording import usually
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.trash.dependents import Dependent
from dashboard.trash.holders import why_held
from dashboard.words import plural


class DeleteHeld(Delete):
    """Records can be deleted; the question asks what happens to those that refer to them."""

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
        if not self.screen.may_change(record):
            abort(403)
        form = self.form_about([record], is_answer=True)
        if form is not None and not form.validate():
            seen, question = read_id(request.form.get(SEEN, "")) or 0, super().question(record)
            return self.screen.confirm(
                about(self.screen, record, seen, self.asking(question, [record], form))
            )
        return ask_or_do(self.screen, self.question, partial(self.delete_with, form, self.delete))

    def question(self, record: Any) -> Confirmation:
        """Ask whether to delete a record, and what happens to those that refer to it."""
        return self.asking(super().question(record), [record], self.form_about([record]))

    def answer_action(self, name: str, chosen: Selection, seen: int) -> ResponseReturnValue | None:
        """Ask what happens to the records that refer to the selected ones, and do it with the answer."""
        bulk = self.screen.feature(BulkActions)
        if name != DESTROYS or bulk is None or chosen.number > MAXIMUM_SELECTION:
            return None
        try:
            records = chosen.source.fetch([key for keys in chosen.keys(lock=False) for key in keys])
        except Refusal as refusal:
            return self.screen.go_back(str(refusal), "error")
        is_answer = "confirm" in request.form
        form = self.form_about(records, is_answer=is_answer)
        if is_answer and (form is None or form.validate()):
            return bulk.act_on(partial(self.delete_with, form, self.action_delete), chosen)
        question = bulk.question(name, chosen, chosen.seen or 0 if is_answer else seen)
        return self.screen.confirm(self.asking(question, records, form))

    def form_about(self, records: Sequence[Any], *, is_answer: bool = False) -> HolderForm | None:
        """The form that asks what happens to what refers to `records`; None where nothing can be offered."""
        held = self.held(records)
        is_stuck = not all(each.can_be_released for each in held) or self._are_held_by_others(records)
        if self.form is None or not held or is_stuck:
            return None
        # Only an answer or a draft has fields of the form: a selection is sent before they are asked for.
        is_filled = is_answer or request.method != WRITES
        form = self.form(**({} if is_filled else {"formdata": None}))
        form.ask_about(held, self.screen.singular, is_answer=is_answer)
        return form

    def held(self, records: Sequence[Any]) -> list[Held]:
        """The records that refer to one of `records` and keep it from being deleted."""
        if not self.holders:
            return []
        # One statement finds where there are any: many kinds may refer to one, and few do.
        there = select(*(each.referring(records).exists() for each in self.holders))
        hits = zip(self.holders, db.session.execute(there).one(), strict=True)
        return [held for each, is_there in hits if is_there and (held := each.holding(records))]

    def asking(self, question: Confirmation, records: Sequence[Any], form: HolderForm | None) -> Confirmation:
        """A question that also says what refers to `records`, and asks about it where there is a form."""
        if form is not None:
            them = "it" if len(records) == 1 else f"these {plural(self.screen.singular)}"
            words = f"{refer(form.held)} to {them}. {choose(form.held)} {question.consequence}"
            return replace(question, form=form, consequence=words)
        why_not = why_held(self.screen.trash, [*map(self._row, records)])
        return replace(question, consequence=why_not) if why_not else question

    def _are_held_by_others(self, records: Sequence[Any]) -> bool:
        rows = [*map(self._row, records)]
        found = [
            select(literal(1)).where(among(each.column, [row[each.target.name] for row in rows])).exists()
            for each in self.others
        ]
        return bool(found) and any(db.session.execute(select(*found)).one())

    def _row(self, record: Any) -> dict[str, Any]:
        """The values of a record by which others refer to it."""
        columns = [*self.screen.trash.key_columns, *(each.target for each in self.screen.trash.holders)]
        mapper = self.screen.columns.mapper
        return {each.name: getattr(record, mapper.get_property_by_column(each).key) for each in columns}

    def delete_with(
        self, form: HolderForm | None, delete: Callable[[Selection], str], chosen: Selection
    ) -> str:
        """Delete records after what refers to them was moved or cleared as the form says."""
        if form is None:
            return delete(chosen)
        usually(db.session, kind=ChangeKind.DELETE)
        changed = release_all(form.releases())
        return f"{delete(chosen)} {changed}"
