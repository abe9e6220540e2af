"""Erasing the personal data in the history of a deleted account (security line 89)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.accounts.reauthentication.asking import needs_proof
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.typed_name import TypedNameForm
from dashboard.admin.ledger.change_summary import record_words
from dashboard.admin.ledger.names import find_record
from dashboard.database.keys import Key
from dashboard.extensions import db
from dashboard.files.uses import forget_uses
from dashboard.history.erase import erase_person, says_anything
from dashboard.jobs.files import forget_files
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to
from dashboard.words import counted

CONSEQUENCE = (
    "The history still says that something was changed, when and by whom. It no longer says what: the email, "
    "name, role and state of this account are erased. This cannot be undone."
)


class Erasure(Feature[Screen]):
    """The records are people: the history of a deleted one can be erased.

    `also` erases the person with this key elsewhere, in the same transaction.
    """

    def __init__(self, also: Callable[[Any], None]) -> None:
        self.also = also

    @route("/erase/", Access.PURGE, methods=("GET", "POST"))
    @needs_proof
    def erase_view(self) -> ResponseReturnValue:
        """Ask for the name on GET, erase on POST."""
        screen = self.screen
        found = find_record(screen.kind, request.values.get("id"))
        if found is None:
            abort(404)
        key, timeline = found.key, url_for(".history_view", id=found.key)
        form = TypedNameForm(found.name or str(key), any_case=True)
        try:
            if screen.get_one(key) is not None:
                raise Refusal("This account still exists. Delete it first.")
            if form.validate_on_submit():
                return self.erased(key, timeline)
        except Refusal as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
            return redirect_to(timeline)
        title = f"Erase the history of {found.words}?"
        return screen.confirm(Confirmation(title, CONSEQUENCE, "Erase history", "bad", form=form), timeline)

    def erased(self, key: Key, timeline: str) -> ResponseReturnValue:
        """Erase the history, and say in how many changes."""
        number = erase_person(db.session, self.screen.kind, key)
        self.also(key)
        forget_files(self.screen.kind)  # which may say the same of this person
        forget_uses(self.screen.kind, key)
        db.session.commit()
        who = record_words(self.screen.kind, key, None).capitalize()
        flash(f"{who} erased from {counted(number, 'change')}.", "success")
        return redirect_to(timeline)

    def timeline_note(self, exists: bool) -> str:
        """Tell owners when they can erase the history."""
        if exists and self.screen.allows("erase_view"):
            return "You can erase this history once the account is deleted."
        return ""

    def on_timeline(self, key: Key, exists: bool) -> Sequence[RecordAction]:
        """The offer to erase a deleted account, for those who may."""
        may_erase = not exists and self.screen.allows("erase_view")
        if not (may_erase and says_anything(db.session, self.screen.kind, key)):
            return ()
        return (RecordAction("Erase history", url_for(".erase_view", id=key), "bad"),)
