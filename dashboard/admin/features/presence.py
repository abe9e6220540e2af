"""Who else has the form of a record open: told on its page, kept up to date by its script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from flask_login import current_user

from dashboard.accounts import leases
from dashboard.admin.kit.gate import Gate
from dashboard.extensions import db

MOST_NAMED = 2


@dataclass(frozen=True)
class Others:
    """What the page of a form says about others: the words, and where its script asks for newer ones."""

    words: str
    url: str


class Presence(Gate):
    """A screen whose forms say who else has them open."""

    if TYPE_CHECKING:
        model: Any
        get_or_404: Any
        may_change: Any

    @expose("/editing/", methods=("POST",))
    def editing_view(self) -> ResponseReturnValue:
        """Note that somebody still has the form of a record open, and tell who else has."""
        record = self.get_or_404(lock=False)  # it must not wait for a save
        if not self.may_change(record):
            abort(403)
        leases.renew(db.session.connection(), *self._lease(record))
        words = in_words(leases.others_editing(*self._lease(record)))
        db.session.commit()
        return jsonify(words=words)

    def note_editing(self, record: Any) -> None:
        """Note that somebody opened the form of a record."""
        leases.note_editing(*self._lease(record))

    def end_editing(self, record: Any) -> None:
        """Forget that somebody has the form of a record open, as soon as the change of it is saved."""
        leases.end_editing(*self._lease(record))

    def presence(self, record: Any) -> Others:
        """Who else has the form of a record open."""
        words = in_words(leases.others_editing(*self._lease(record)))
        return Others(words, url_for(".editing_view", id=record.id))

    def _lease(self, record: Any) -> tuple[str, int, int]:
        return self.model.__tablename__, record.id, current_user.id


def in_words(names: Sequence[str]) -> str:
    """Who else is editing, as a sentence; nothing where nobody is."""
    if not names:
        return ""
    if len(names) > MOST_NAMED + 1:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} others"]
    *first, last = names
    return f"{', '.join(first)} and {last} are editing this too." if first else f"{last} is editing this too."
