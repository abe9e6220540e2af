"""Asking before a change of one record; it is made only if the record is as the question showed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.gate import WRITES
from dashboard.admin.kit.parsing import read_id
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.selection import SEEN, Picked, Selection
from dashboard.extensions import db
from dashboard.history.since import position


def ask_or_do(
    screen: Screen, ask: Callable[[Any], Confirmation], change: Callable[[Selection], str]
) -> ResponseReturnValue:
    """Ask on GET about the record that the request names, change it on POST.

    A record that has changed since the question is not touched.
    """
    seen = position(db.session) if request.method != WRITES else 0  # only the question carries it
    record = screen.get_or_404()
    if not screen.may_change(record):
        abort(403)
    if request.method == WRITES:
        return screen.attempt(lambda: change(only(screen, record)))
    return screen.confirm(about(screen, record, seen, ask(record)))


def about(screen: Screen, record: Any, seen: int, question: Confirmation) -> Confirmation:
    """A question about one record that was read after the position `seen` of the history."""
    return replace(
        question, fields=[("id", str(screen.listing.key_of(record))), (SEEN, str(seen)), *question.fields]
    )


def only(screen: Screen, record: Any) -> Selection:
    """A selection of one record, as the question about it showed it."""
    return Picked(source=screen.source, seen=read_id(request.form.get(SEEN, "")), records=[record])
