"""Erasing what the history says of a person whose account was deleted (security line 89)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired

from dashboard.accounts.models import EMAIL_LENGTH
from dashboard.admin.kit.detail import RecordAction
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.forms import ConsoleForm
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.screen import Screen
from dashboard.admin.ledger.change_summary import name_in_history, record_words
from dashboard.extensions import db
from dashboard.history.erase import erase_person, says_anything
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.web.forms import AtMost
from dashboard.web.returning import redirect_to
from dashboard.words import counted


class EraseForm(ConsoleForm):
    """The name of who is erased, typed by hand, for there is no way back."""

    typed = StringField(
        validators=[AtMost(EMAIL_LENGTH), InputRequired("Type it to go on.")],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "required": True},
    )

    def __init__(self, expected: str) -> None:
        super().__init__()
        self.expected = expected
        self.typed.label.text = f"Type {expected} to confirm"

    def validate_typed(self, field: Field) -> None:
        """Refuse anything else."""
        if field.data.strip().casefold() != self.expected.casefold():
            raise ValidationError(f"This is not {self.expected}.")


class Erasure(Feature[Screen]):
    """The records are people, of whom the history forgets on request those whose account is gone."""

    @route("/erase/", Access.PURGE, methods=("GET", "POST"))
    def erase_view(self) -> ResponseReturnValue:
        """Ask for the name on GET, erase on POST."""
        screen, key = self.screen, read_id(request.values.get("id", ""))
        name = None if key is None else name_in_history(screen.kind, key)
        if key is None or name is None:
            abort(404)
        timeline = url_for(".history_view", id=key)
        form = EraseForm(name or str(key))
        try:
            if screen.get_one(key) is not None:
                raise Refusal("This account still exists. Delete it first.")
            if form.validate_on_submit():
                return self.erased(key, timeline)
        except Refusal as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
            return redirect_to(timeline)
        return screen.page(
            "admin/history/erase.html",
            title=f"Erase the history of {record_words(screen.kind, key, name)}?",
            form=form,
            cancel_url=timeline,
        )

    def erased(self, key: int, timeline: str) -> ResponseReturnValue:
        """Erase, and say how much it was."""
        number = erase_person(db.session, self.screen.kind, key)
        db.session.commit()
        who = record_words(self.screen.kind, key, None).capitalize()
        flash(f"{who} erased from {counted(number, 'change')}.", "success")
        return redirect_to(timeline)

    def timeline_note(self, exists: bool) -> str:
        """Say to those who may erase how it is done."""
        if exists and self.screen.allows("erase_view"):
            return "What is said here can be erased once the account is deleted."
        return ""

    def on_timeline(self, key: int, exists: bool) -> Sequence[RecordAction]:
        """Offer to erase those who are gone, to those who may."""
        may_erase = not exists and self.screen.allows("erase_view")
        if not (may_erase and says_anything(db.session, self.screen.kind, key)):
            return ()
        return (RecordAction("Erase history", url_for(".erase_view", id=key), "bad"),)
