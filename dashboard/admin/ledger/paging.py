"""The pages of a long timeline: `PAGE_SIZE` changes, and links to the pages before and after them.

The pages are those of the lists (`read_beside`). The rows are read here: a timeline has one order, in which
an index of the changes has them, and its links name a change by its number. The engine of the lists would
count the rows and choose among indexes first, and its links name a sort and a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import request
from sqlalchemy import Select

from dashboard.admin.kit.parsing import read_number
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.listing.beside import Beside, read_beside
from dashboard.listing.filters import Pairs
from dashboard.listing.state import with_query

PAGE_SIZE = 25
Changes = Select[*tuple[Any, ...]]
"""A statement whose first column is `Change`."""


@dataclass(frozen=True)
class Steps:
    """The addresses of the pages before and after one; None at an end of the timeline."""

    before_url: str | None
    after_url: str | None


def steps(base: str, pairs: Pairs, page: Beside[Any]) -> Steps:
    """Return the links from a page of the timeline at `base`, which has the parameters `pairs`."""
    return Steps(
        with_query(base, (*pairs, ("before", str(page.rows[0][0].id)))) if page.before else None,
        with_query(base, (*pairs, ("after", str(page.rows[-1][0].id)))) if page.after else None,
    )


def return_pairs() -> Pairs:
    """The parameter that every link of a page passes on, so that all pages lead back to the same list."""
    return (("next", request.args["next"]),) if "next" in request.args else ()


def read_page(changes: Changes, *, newest_first: bool) -> Beside[Any]:
    """Read the page of `changes` that the request asks for by ``after`` or ``before``."""
    after, before = (read_number(request.args.get(name, "")) for name in ("after", "before"))
    backwards = before is not None and after is None
    place = before if backwards else after
    return read_beside(partial(_read, changes, newest_first), PAGE_SIZE, place, backwards)


def _read(changes: Changes, newest_first: bool, place: int | None, backwards: bool) -> Sequence[Any]:
    rising = newest_first == backwards
    if place is not None:
        changes = changes.where(Change.id > place if rising else Change.id < place)
    order = Change.id.asc() if rising else Change.id.desc()
    rows = db.session.execute(changes.order_by(order).limit(PAGE_SIZE + 1)).all()
    return rows[::-1] if backwards else rows
