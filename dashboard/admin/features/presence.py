"""The users who have the form of a record open: its page names them, and its script keeps that up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_login import current_user

from dashboard.accounts import leases
from dashboard.accounts.people import Person
from dashboard.database.keys import Key
from dashboard.extensions import db

MOST_NAMED = 2


@dataclass(frozen=True)
class Others:
    """The sentence about other users on the page of a form, in parts, and the address with a newer one."""

    parts: Sequence[str]
    url: str


@dataclass(frozen=True)
class Presence:
    """The form of one record, which several users may have open."""

    kind: str
    key: Key

    @property
    def _lease(self) -> tuple[str, Key, int]:
        return self.kind, self.key, current_user.id

    def renew(self) -> list[str]:
        """Note that the current user has it open, and return the sentence about others in parts."""
        leases.renew(db.session.connection(), *self._lease)
        parts = in_parts(leases.others_editing(*self._lease))
        db.session.commit()
        return parts

    def end(self) -> None:
        """Forget that the current user has it open; called when their change is saved."""
        leases.end_editing(*self._lease)

    @property
    def others(self) -> Others:
        """The other users who have it open."""
        parts = in_parts(leases.others_editing(*self._lease))
        return Others(parts, url_for(".editing_view", id=self.key))


def in_parts(names: Sequence[str]) -> list[str]:
    """Who else is editing, as the parts of a sentence, people among them; empty where nobody is."""
    if not names:
        return []
    if len(names) > MOST_NAMED + 1:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} others"]
    *first, last = names
    before = [part for name in first for part in (name, ", ")][:-1]
    joined = [*before, " and ", last] if first else [last]
    return [*joined, " are editing this too." if first else " is editing this too."]


def for_script(part: str) -> dict[str, str]:
    """A part of the sentence as the script of the page draws it."""
    if not isinstance(part, Person):
        return {"text": part}
    return {"text": part, "initials": part.initials, "hue": part.hue}
