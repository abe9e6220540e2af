"""The pages of a long history: a stretch of changes, and the ways to the one before and after it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from dashboard.admin.kit.parsing import read_number
from dashboard.extensions import db
from dashboard.history.reading import Rows, Stretch, read_stretch
from dashboard.listing.filters import Pairs
from dashboard.listing.state import with_query

PAGE_SIZE = 25


@dataclass(frozen=True)
class Steps:
    """The addresses of the stretches before and after one, where there are any."""

    before_url: str | None
    after_url: str | None


def steps(base: str, pairs: Pairs, stretch: Stretch) -> Steps:
    """The ways from a stretch of the page at `base` with these parameters."""
    before, after = stretch.before, stretch.after
    return Steps(
        with_query(base, (*pairs, ("before", str(before)))) if before else None,
        with_query(base, (*pairs, ("after", str(after)))) if after else None,
    )


def way_back() -> Pairs:
    """The parameter that every link of a page passes on, so that each page leads back to the same list."""
    return (("next", request.args["next"]),) if "next" in request.args else ()


def read_page(statement: Rows, *, newest_first: bool) -> Stretch:
    """The changes of `statement` that the request asks for."""
    after, before = (read_number(request.args.get(name, "")) for name in ("after", "before"))
    return read_stretch(
        db.session, statement, PAGE_SIZE, newest_first=newest_first, after=after, before=before
    )
