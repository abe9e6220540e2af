"""The actions of a class that Flask-Admin's ``action`` marks: each gets the keys of the selected records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request, session
from flask.typing import ResponseReturnValue

from dashboard.admin.features.bulk_actions import BulkActions
from dashboard.admin.kit.bulk import Bulk, Doing
from dashboard.admin.kit.selection import Selection
from dashboard.admin.kit.undo import offer_undo
from dashboard.admin.kit.urls import return_address
from dashboard.admin.record_view import writing
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.recording import describe
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.web.flashes import NEW
from dashboard.web.returning import redirect_to
from dashboard.words import counted

MOST_KEYS = 10_000
"""Records that an action gets: their keys are a list in memory."""
RECORDED = "The history records what this changes."
FAILED = "Nothing was changed."


class KeyText(str):
    """A key as text, which can be compared with its column on both databases.

    SQLAlchemy sends a plain text as a text, which PostgreSQL compares with no number; it sends a value of a
    type that it does not know as one of the type of the column.
    """

    __slots__ = ()

    @property
    def hex(self) -> str:
        """The digits of a UUID, which SQLAlchemy asks for on SQLite."""
        return self.replace("-", "")


def keys_of(chosen: Selection) -> list[str]:
    """The keys of the selected records as texts; raises Refusal for too many, or where one changed."""
    if chosen.number > MOST_KEYS:
        raise Refusal(f"Select at most {number_words(MOST_KEYS)} at once. {FAILED}")
    return [KeyText(key_text(key)) for keys in chosen.key_slices() for key in keys]


def refuse_taken(view: Any) -> None:
    """Raise ValueError where an action of a class is called like another, such as that of a feature."""
    names = [name for name, _ in view._actions]
    if taken := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"{type(view).__name__} has two actions called {taken[0]}. Rename one.")


class RecordActions(BulkActions):
    """Actions on records of a `RecordView`: those of features, and the methods of its class.

    A method of the class has the signature of Flask-Admin: it gets the keys of the records as texts. Its
    changes are one change set and are committed once. It may return None, a page or a response, and raise
    ValueError, ValidationError or Refusal: then nothing is changed.
    """

    def ask_or_act(self, name: str, chosen: Selection, seen: int) -> ResponseReturnValue:
        """Do `name` if it is confirmed, else ask; `seen` is the position of the history now."""
        act, label, question = self.screen._actions_data[name]
        if not self._is_of_class(act):
            return super().ask_or_act(name, chosen, seen)
        if "confirm" in request.form:
            return self.act(act, str(label), chosen)
        phrase = str(label).replace("{", "{{").replace("}", "}}") + " {}"
        words = str(question) if question else RECORDED
        bulk = Bulk(name, phrase, self.screen.singular, chosen, "neutral", words, seen)
        return self.screen.confirm(bulk.confirmation())

    def doing(self, name: str) -> Doing | None:
        """How a job does an action of a feature; a method of the class gets all keys, within a request."""
        act = self.screen._actions_data.get(name, (None,))[0]
        return None if self._is_of_class(act) else super().doing(name)

    def _is_of_class(self, act: Any) -> bool:
        """Whether an action is a method of the class, and not of a feature."""
        return getattr(act, "__self__", None) is self.screen

    def act(self, act: Callable[[list[str]], Any], label: str, chosen: Selection) -> ResponseReturnValue:
        """Call a method of the class, and commit what it changed; a refusal is shown instead."""
        describe(db.session, origin=Origin.BULK)
        before = [*session.get(NEW, [])]
        try:
            with writing.refusing(self.screen.columns):
                answer = act(keys_of(chosen))
                _flush()
        except Refusal as refusal:
            db.session.rollback()
            session[NEW] = before  # what it said before it failed is not so
            return self.screen.go_back(str(refusal), "error")
        said = [*session.get(NEW, [])][len(before) :]
        if not said:
            said = [("success", f"{label}: {counted(chosen.number, self.screen.singular)}.")]
            flash(said[0][1], "success")
        return self._committed(answer, said[-1][1])

    def _committed(self, answer: Any, message: str) -> ResponseReturnValue:
        offer_undo(message)
        db.session.commit()
        back: ResponseReturnValue = answer
        return redirect_to(return_address(self.screen.urls.index)) if answer is None else back


def _flush() -> None:
    """Write what an action changed; where it hid an error of the database, undo the rest."""
    if db.session.is_active:
        db.session.flush()
    else:
        db.session.rollback()
