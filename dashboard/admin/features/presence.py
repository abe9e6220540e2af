"""The users who have the form of a record open: its page names them, and its script keeps that up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_login import current_user

from dashboard.accounts import leases
from dashboard.database.keys import Key
from dashboard.extensions import db

MOST_NAMED = 2


@dataclass(frozen=True)
class Others:
    """The sentence about other users on the page of a form, and the address with a newer one."""

    words: str
    url: str


@dataclass(frozen=True)
class Presence:
    """The form of one record, which several users may have open."""

    kind: str
    key: Key

    @property
    def _lease(self) -> tuple[str, Key, int]:
        return self.kind, self.key, current_user.id

    def renew(self) -> str:
        """Note that the current user has it open, and return the sentence about others."""
        leases.renew(db.session.connection(), *self._lease)
        words = in_words(leases.others_editing(*self._lease))
        db.session.commit()
        return words

    def end(self) -> None:
        """Forget that the current user has it open; called when their change is saved."""
        leases.end_editing(*self._lease)

    @property
    def others(self) -> Others:
        """The other users who have it open."""
        words = in_words(leases.others_editing(*self._lease))
        return Others(words, url_for(".editing_view", id=self.key))


def in_words(names: Sequence[str]) -> str:
    """Who else is editing, as a sentence; empty where nobody is."""
    if not names:
        return ""
    if len(names) > MOST_NAMED + 1:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} others"]
    *first, last = names
    return f"{', '.join(first)} and {last} are editing this too." if first else f"{last} is editing this too."
