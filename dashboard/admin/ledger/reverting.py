"""Reverting: the Undo button of a message, and Revert in the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlencode

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView
from flask_login import current_user
from sqlalchemy import select

from dashboard.accounts.reauthentication.asking import ask_for_proof
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.admin.kit import bulk
from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.gate import Gate, route
from dashboard.admin.kit.parsing import read_number
from dashboard.admin.kit.undo import FINAL, offer_undo
from dashboard.admin.ledger.change_display import Line, read_lines
from dashboard.admin.ledger.revert_job import ask
from dashboard.admin.ledger.setting_back import set_back_offers
from dashboard.admin.ledger.undoing import undo_in_slices
from dashboard.admin.ledger.visibility import visible_changes
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.history.about import NAMING, named_by, unstored_change
from dashboard.history.models import WITHOUT_CHANGE, Action, Change, ChangeKind, ChangeSet, Seal
from dashboard.history.recording import describe
from dashboard.history.revert import Part, Step, plan, revert_in_slices
from dashboard.history.values import as_text
from dashboard.permissions import HOME_READ, Access
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.web.addresses import carried
from dashboard.web.flashes import tell_of
from dashboard.web.returning import here, next_address, redirect_to
from dashboard.web.security_headers import is_local_address
from dashboard.words import counted

STEPS_SHOWN = 25
LATEST = 2**62  # the number of a change that is not made yet
WORDS = {Action.CREATE: "Restore", Action.CHANGE: "Revert", Action.DELETE: "Delete"}


@dataclass(frozen=True)
class Shown:
    """A step of a preview in words; ``obstacle`` says why it cannot be done."""

    words: str
    line: Line
    obstacle: str | None


@dataclass(frozen=True)
class Offers:
    """The actions beside a change: to revert all of it, and those beside each of its fields, by label."""

    whole: Sequence[RecordAction] = ()
    fields: Mapping[str, RecordAction] = field(default_factory=dict)


@dataclass(frozen=True)
class Reverted:
    """The outcome of reverting, for the message: the noun of the records, ``restored`` or ``deleted``."""

    noun: str
    verb: str

    def words(self, done: str, number: int) -> str:
        """The message after so many records were reverted."""
        return f"{done}. {counted(number, self.noun)} {self.verb}."


class RevertView(Gate, BaseView):  # type: ignore[misc]
    """The addresses that revert changes."""

    @route("/", HOME_READ, methods=("GET", "POST"))
    def index_view(self) -> ResponseReturnValue:
        """Preview reverting a change set, a change or one of its fields, and do it when confirmed."""
        part = read_part(request.values)
        require_writing(part)
        require_seeing(part)
        if request.method == "POST":
            if answer := ask_for_proof_of(part):
                return answer
            return self.do(part, ChangeKind.REVERT)
        found = list(islice(plan(db.session, part), STEPS_SHOWN + 1))
        return self.render(  # type: ignore[no-any-return]
            "admin/history/revert.html",
            title=f"Revert {words_for(part)}?",
            steps=shown(found[:STEPS_SHOWN]),
            has_more=len(found) > STEPS_SHOWN,
            fields=fields_of(part),
            cancel_url=back_to(part),
            kinds=sorted({step.kind for step in found}),
        )

    @route("/undo/", HOME_READ, methods=("POST",))
    def undo_view(self) -> ResponseReturnValue:
        """Undo a change set of the current user, unless its records have been changed since.

        They may see its records only before it, as where they deleted them: see `undo_in_slices`.
        """
        change_set = find_change_set(request.form.get("id", ""))
        if change_set.author_id != current_user.id or change_set.kind in FINAL:
            abort(403)
        part = Part(change_set.id)
        require_writing(part)
        if answer := ask_for_proof_of(part):
            return answer
        return self.do(part, ChangeKind.UNDO)

    def do(self, part: Part, kind: ChangeKind) -> ResponseReturnValue:
        """Revert or undo `part` and say so, or why it cannot be; where it is large, ask for a job."""
        changes = changes_in(part)
        try:
            if changes >= bulk.MANY:
                return ask(part, kind, changes, kind_of(part))
            message = revert_now(part, kind)
        except Refusal as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
        else:
            offer_undo(message)
            db.session.commit()
            flash(message, "success")
            _point_at_record(message, part)
        return redirect_to(next_address("history.index_view"))


def _point_at_record(message: str, part: Part) -> None:
    """Let a list point at the record of `part` with the message, where it is one."""
    its = select(*NAMING).where(Change.change_set_id == part.change_set_id)
    its = its if part.change_id is None else its.where(Change.id == part.change_id)
    found = db.session.execute(its.distinct().limit(2)).all()
    if len(found) == 1:
        kind, key = named_by(found[0])
        tell_of(message, kind, key_text(key))


def revert_now(part: Part, kind: ChangeKind) -> str:
    """Revert or undo `part` in this transaction, and return the message; raises Refusal, or aborts."""
    require_writing(part)
    outcome, change_set = outcome_of(part), db.session.get_one(ChangeSet, part.change_set_id)
    if kind is ChangeKind.UNDO:
        describe(db.session, kind=kind, reverts_id=change_set.id, origin=change_set.origin)
        return outcome.words("Undone", max(undo_in_slices(part), default=0))
    require_seeing(part)
    describe(db.session, kind=kind, reverts_id=change_set.id)
    return outcome.words("Reverted", max(revert_in_slices(db.session, part), default=0))


def kind_of(part: Part) -> str:
    """The kind of the records in `part`; blank where there are several kinds."""
    its = select(Change.record_kind).where(Change.change_set_id == part.change_set_id).distinct().limit(2)
    found = db.session.scalars(its).all()
    return found[0] if len(found) == 1 else ""


def outcome_of(part: Part) -> Reverted:
    """The outcome of reverting `part`; the noun is that of its records, if all are of one kind."""
    changes = select(Change.record_kind, Change.action).where(Change.change_set_id == part.change_set_id)
    if part.change_id is not None:
        changes = changes.where(Change.id == part.change_id)
    found = db.session.execute(changes.distinct()).all()
    kinds, actions = {kind for kind, _ in found}, {action for _, action in found}
    noun = registry()[min(kinds)].singular if len(kinds) == 1 else "record"
    return Reverted(noun, "deleted" if actions == {Action.CREATE} else "restored")


def changes_in(part: Part) -> int:
    """The number of changes in `part`."""
    seal = select(Seal.changes).where(Seal.change_set_id == part.change_set_id)
    return 1 if part.change_id is not None else db.session.scalar(seal) or 0


def find_change_set(text: str) -> ChangeSet:
    """The change set with this id; answers 404 where it does not exist."""
    key = read_number(text)
    found = db.session.get(ChangeSet, key) if key is not None else None
    if found is None:
        abort(404)
    return found


def read_part(values: Mapping[str, str]) -> Part:
    """Read the part of a change set to revert: ``set``, with ``change`` and ``field`` for less than all.

    Answers 404 where it does not exist.
    """
    change_set = find_change_set(values.get("set", ""))
    if change_set.kind in FINAL:
        abort(404)
    number, field = values.get("change", ""), values.get("field") or None
    if not (number or field):
        return Part(change_set.id)
    key = read_number(number)
    change = db.session.get(Change, key) if key is not None else None
    if change is None or change.change_set_id != change_set.id or not has_field(change, field):
        abort(404)
    return Part(change_set.id, change.id, field)


def has_field(change: Change, field: str | None) -> bool:
    """Whether `field` can be reverted alone: records are created and deleted as a whole."""
    return field is None or (change.action is Action.CHANGE and field in change.pairs)


def require_writing(part: Part) -> None:
    """Answer 403 unless the current user may change every kind of record in the change set of `part`."""
    its = Change.change_set_id == part.change_set_id
    kinds = db.session.scalars(select(Change.record_kind).where(its).distinct())
    found = [registry().get(kind) for kind in kinds]  # a kind goes with its plug-in
    if not all(record and record.allows(Access.WRITE) for record in found):
        abort(403)


def ask_for_proof_of(part: Part) -> ResponseReturnValue | None:
    """Ask for a proof where changes of these records need one; the question of reverting follows."""
    its = Change.change_set_id == part.change_set_id
    kinds = db.session.scalars(select(Change.record_kind).where(its).distinct())
    if proof_is_fresh() or not any(registry()[kind].needs_proof for kind in kinds):
        return None
    target = request.values.get("next", "")
    way = carried(target) if is_local_address(target) else ""
    query = urlencode([*fields_of(part), *([("next", way)] if way else [])])
    return ask_for_proof(back=f"{url_for('revert.index_view')}?{query}")


def require_seeing(part: Part) -> None:
    """Answer 404 where the current user may not see all changes in the change set of `part`."""
    its = Change.change_set_id == part.change_set_id
    if db.session.scalar(select(Change.id).where(its, ~visible_changes()).limit(1)) is not None:
        abort(404)


def revert_offer(*changes: Change) -> Sequence[RecordAction]:
    """The action to revert the change set of `changes`, if the current user may change their records."""
    if not changes or not all(registry()[change.record_kind].allows(Access.WRITE) for change in changes):
        return ()
    return (RecordAction("Revert", url_for("revert.index_view", set=changes[0].change_set_id)),)


def revert_offers(line: Line) -> Offers:
    """The actions beside a change: to revert all of it, and to set each of its fields back."""
    change = line.change
    if (
        not registry()[change.record_kind].allows(Access.WRITE)
        or change.action in (Action.PURGE, *WITHOUT_CHANGE)
        or not change.pairs
    ):
        return Offers()
    return Offers((RecordAction("Revert", _question(change)),), set_back_offers(line))


def _question(change: Change) -> str:
    back = carried(here()) or None
    return url_for("revert.index_view", set=change.change_set_id, change=change.id, next=back)


def shown(steps: Sequence[Step]) -> list[Shown]:
    """The steps of a plan in words, shown like the changes that they will be."""
    changes = [
        unstored_change(step.kind, step.key, id=LATEST, action=step.action, fields=as_text(step.fields))
        for step in steps
    ]
    lines = read_lines(changes)
    return [
        Shown(WORDS.get(step.action, "Revert"), line, step.obstacle)
        for step, line in zip(steps, lines, strict=True)
    ]


def words_for(part: Part) -> str:
    """The name of `part` in the title of the question."""
    if part.change_id is None:
        return f"change no. {part.change_set_id}"
    change = db.session.get_one(Change, part.change_id)
    line = read_lines([change])[0]
    label = registry()[change.record_kind].fields.get(part.field or "", "")
    return f"{label if label.isupper() else label.lower()} of {line.record}" if label else line.record


def fields_of(part: Part) -> list[tuple[str, str]]:
    """The hidden fields of the form that name `part`."""
    named = {"set": part.change_set_id, "change": part.change_id, "field": part.field}
    return [(name, str(value)) for name, value in named.items() if value is not None]


def back_to(part: Part) -> str:
    """The page that the user came from, or that of the change set."""
    if "next" in request.values:
        return next_address("history.index_view")
    return url_for("history.details_view", id=part.change_set_id)
