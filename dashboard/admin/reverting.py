"""Taking back: the one press of Undo after something was done, and reverting from the history."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import BaseView, expose
from flask_login import current_user
from sqlalchemy import select

from dashboard.accounts.reverting import AccountReverting
from dashboard.admin.confirmation import counted
from dashboard.admin.gate import Gate
from dashboard.admin.ids import read_id
from dashboard.admin.screen import REFUSALS
from dashboard.admin.undo import FINAL, offer_undo
from dashboard.catalogue.reverting import CategoryReverting, ProductReverting
from dashboard.extensions import db
from dashboard.history.models import Change, ChangeKind, ChangeSet
from dashboard.history.recording import describe
from dashboard.history.revert import Part, RevertError, Subject, plan, revert
from dashboard.permissions import Permission, can
from dashboard.web import next_address

SUBJECTS: Mapping[str, Subject] = {
    "products": ProductReverting(),
    "categories": CategoryReverting(),
    "users": AccountReverting(),
}
STEPS_SHOWN = 50
WRITING = {
    "products": Permission.PRODUCTS_WRITE,
    "categories": Permission.CATEGORIES_WRITE,
    "users": Permission.USERS_WRITE,
}
"""What it takes to put a record of a kind back: the permission to change it."""


class RevertView(Gate, BaseView):  # type: ignore[misc]
    """What takes changes back."""

    permissions = {  # noqa: RUF012 - a declaration; more is asked by the kinds of records
        "index_view": Permission.HOME_READ,
        "undo_view": Permission.HOME_READ,
    }

    @expose("/", methods=("GET", "POST"))
    def index_view(self) -> ResponseReturnValue:
        """Show what reverting a change set, a change or a field of it would do, and do it when confirmed."""
        part = read_part(request.values)
        require_writing(part)
        if request.method == "POST":
            return self.revert(part)
        steps = list(islice(plan(db.session, part, SUBJECTS), STEPS_SHOWN + 1))
        return self.render(  # type: ignore[no-any-return]
            "admin/revert.html",
            title="Revert?",
            part=part,
            steps=steps[:STEPS_SHOWN],
            has_more=len(steps) > STEPS_SHOWN,
            cancel_url=next_address("admin.index"),
        )

    def revert(self, part: Part) -> ResponseReturnValue:
        """Take back `part`, as far as nothing is in the way, and tell."""
        describe(db.session, kind=ChangeKind.REVERT, reverts_id=part.change_set_id)
        return self.take_back(part, "Reverted", untouched=False)

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> ResponseReturnValue:
        """Take back what the person at hand did last, as long as nobody has touched it since."""
        change_set = find_change_set(request.form.get("id", ""))
        if change_set.author_id != current_user.id or change_set.kind in FINAL:
            abort(403)
        part = Part(change_set.id)
        require_writing(part)
        describe(db.session, kind=ChangeKind.UNDO, reverts_id=change_set.id, origin=change_set.origin)
        return self.take_back(part, "Undone", untouched=True)

    def take_back(self, part: Part, done: str, *, untouched: bool) -> ResponseReturnValue:
        """Take back `part` and say that it is `done`, or what is in the way."""
        try:
            number = revert(db.session, part, SUBJECTS, untouched=untouched)
        except (RevertError, *REFUSALS) as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
        else:
            message = f"{done}: {counted(number, 'record')} as before."
            offer_undo(message)
            db.session.commit()
            flash(message, "success")
        return redirect(next_address("admin.index"))


def find_change_set(text: str) -> ChangeSet:
    """The change set that a request names by its id; answers 404 where there is none."""
    key = read_id(text)
    found = db.session.get(ChangeSet, key) if key is not None else None
    if found is None:
        abort(404)
    return found


def read_part(values: Mapping[str, str]) -> Part:
    """What a request names to be reverted: ``set``, with ``change`` and ``field`` for less than all of it.

    Answers 404 where there is no such thing.
    """
    change_set = find_change_set(values.get("set", ""))
    if change_set.kind in FINAL:
        abort(404)
    if not values.get("change"):
        return Part(change_set.id)
    key, field = read_id(values["change"]), values.get("field") or None
    change = db.session.get(Change, key) if key is not None else None
    if change is None or change.change_set_id != change_set.id or (field and field not in change.pairs):
        abort(404)
    return Part(change_set.id, change.id, field)


def require_writing(part: Part) -> None:
    """Answer 403 unless the person at hand may change every kind of record that `part` is about."""
    kinds = db.session.scalars(
        select(Change.record_kind).where(Change.change_set_id == part.change_set_id).distinct()
    )
    if not all(can(current_user, WRITING[kind]) for kind in kinds):
        abort(403)
