"""Bulk actions on very many records as jobs, so that nothing is lost when the page is closed.

Where each record is changed by itself the job writes in steps: others who save wait for a part of a second,
and all or nothing holds as for an import. Other actions, such as deleting, are one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import literal, select
from werkzeug.datastructures import MultiDict

from dashboard.admin.kit import bulk
from dashboard.admin.kit.bulk import Doing
from dashboard.admin.kit.feature import first
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import CHANGED, NUMBER, AllMatching, Selection, read_selection
from dashboard.database.keys import key_text
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.reasons import require_reason
from dashboard.history.recording import describe
from dashboard.jobs.flows import ask_for
from dashboard.jobs.following import follow
from dashboard.jobs.run import Run
from dashboard.jobs.whole import all_or_undone, begun
from dashboard.jobs.works import Work
from dashboard.number_form import DEFAULT, numbers_in
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.web.forms import TOKEN
from dashboard.web.returning import redirect_to
from dashboard.words import counted

WORK = "bulk"
EDIT = "edit"
AT_ONCE = 500
"""Records of one step."""
NO_ACTION = "This console has no such action any more."
NOTHING = "Nothing was changed."
NOT_ALLOWED = "You may no longer change these records."


def is_for_a_job(chosen: Selection) -> bool:
    """Whether so many records are selected that a job changes them."""
    return isinstance(chosen, AllMatching) and chosen.number >= bulk.MANY


def ask(screen: Screen, name: str, phrase: str, chosen: Selection) -> ResponseReturnValue:
    """Ask for the job of the action that this request confirms, and lead to its page.

    `phrase` is what it does, such as ``Archive {}``. Raises Refusal where the user has too many jobs.
    """
    if name != EDIT:  # whose form has a field for it
        require_reason([screen.kind], {})
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != TOKEN]
    params = {"screen": screen.endpoint, "action": name, "fields": fields, "number": chosen.number}
    with numbers_in(DEFAULT):  # it is stored
        title = phrase.replace("{}", counted(chosen.number, screen.singular))
    job = ask_for(WORK, title, owner_id=current_user.id, params=params, record_kind=screen.kind)
    db.session.commit()
    follow(job.id)
    return redirect_to(url_for("jobs.details_view", id=job.id))


def bulk_work(screens: Sequence[Screen], *others: Screen) -> Work:
    """The work of bulk actions on the lists of `screens`, which may still grow, and on `others`."""

    def do(run: Run) -> str:
        found_at = (each for each in (*screens, *others) if each.endpoint == run.params["screen"])
        screen = next(found_at, None)
        found = _doing(screen, run.params["action"]) if screen is not None else None
        if screen is None or found is None:
            raise Refusal(NO_ACTION)
        if not screen.holds(Access.WRITE):
            raise Refusal(NOT_ALLOWED)
        return all_or_undone(run, screen.singular, lambda: _done(run, screen, found), nothing=NOTHING)

    return Work(WORK, do, undoes=True, can_be_undone=True)


def _doing(screen: Screen, name: str) -> Doing | None:
    found: Doing | None = first(feature.doing(name) for feature in screen.features)
    return found


def _done(run: Run, screen: Screen, doing: Doing) -> str:
    fields = MultiDict((name, value) for name, value in run.params["fields"])
    note = begun(run, run.params["number"])
    if note.get("after") is not None:  # the records before are no longer those that the list had
        fields.pop(NUMBER, None)
        fields.pop("confirm", None)
    chosen = read_selection(fields, screen.source)
    if not isinstance(chosen, AllMatching):
        raise Refusal(CHANGED)
    if not doing.in_steps:
        with run.step(done=chosen.number, **note):
            describe(db.session, origin=Origin.BULK)
            message = doing.act(chosen, fields)
        doing.after_step()
        return message
    steps = InSteps(source=chosen.source, seen=chosen.seen, run=run, chosen=chosen, note=note, doing=doing)
    message = doing.act(steps, fields)
    return message if note.get("after") is None else f"{counted(run.done, screen.singular)} done."


@dataclass(frozen=True, kw_only=True)
class InSteps(Selection):
    """The records of a job, of which each slice is a step: it is committed when the next one is asked for."""

    run: Run
    chosen: AllMatching
    note: dict[str, Any]
    doing: Doing

    @property
    def number(self) -> int:
        """How many there were when the user was asked."""
        return int(self.run.params["number"])

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """No fields: a job asks nothing."""
        return ()

    def names(self, most: int) -> Sequence[str]:
        """The names of the first of them."""
        return self.chosen.names(most)

    def keys(self, lock: bool) -> Iterator[Sequence[Any]]:
        """All keys, a slice in each step; raises Refusal at the end where their number has changed."""
        after = self.note.get("after")
        while keys := self._next(None if after is None else self.source.listing.read_key(after)):
            after = key_text(keys[-1])
            with self._step(len(keys), after):
                if lock and len(self._locked(keys)) != len(keys):
                    raise Refusal(CHANGED)
                yield keys
            self.doing.after_step()
        if self.run.done != self.number:
            raise Refusal(CHANGED)

    @contextmanager
    def _step(self, number: int, after: str) -> Iterator[None]:
        note = {**self.note, "after": after}
        with self.run.step(done=self.run.done + number, total=self.number, **note):
            describe(db.session, origin=Origin.BULK)
            yield

    def _next(self, after: Any) -> Sequence[Any]:
        db.session.rollback()
        key = self.source.listing.key
        beyond = [] if after is None else [key > literal(after, key.type)]
        found: Sequence[Any] = db.session.scalars(
            self.chosen.matching.keys().where(*beyond).limit(AT_ONCE)
        ).all()
        return found

    def _locked(self, keys: Sequence[Any]) -> Sequence[Any]:
        key = self.source.listing.key
        there = select(key).where(among(key, keys), *self.source.listing.scope())
        found: Sequence[Any] = db.session.scalars(for_writing(there, key)).all()
        return found
