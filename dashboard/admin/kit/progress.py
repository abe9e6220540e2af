"""Long work on a page that tells how far it is while it goes out, piece by piece; no script is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, current_app, g, render_template, request, stream_with_context
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError

from dashboard.admin.kit.undo import Undo, undo_here
from dashboard.database.errors import outage_of
from dashboard.errors import OUTAGES, log_outage
from dashboard.extensions import db
from dashboard.refusal import Refusal

STREAMED_FROM = 2000  # less is done before anybody could read how far it is
UPDATES = 20
STEPS = Markup("<!-- steps -->")
"""Stands for the steps in the page; no text on it can be the same, for texts are escaped."""
FAILED = "Something went wrong. Nothing was changed."


@dataclass(frozen=True)
class Progress:
    """How far some work is; at its end also what is told of it, how, and where to undo it."""

    done: int
    message: str = ""
    category: str = ""
    undo: Undo | None = None


@dataclass(frozen=True)
class Work:
    """Something done to ``total`` records in one transaction: ``steps`` does it and tells how many are done.

    ``words`` says at its end what was done; a refusal says what was in the way.
    """

    total: int
    steps: Iterator[int]
    words: Callable[[], str]

    def progress(self) -> Iterator[Progress]:
        """Do it and tell how far it is; at the end commit and say so, or say what was in the way."""
        try:
            yield from self._updates()
            undo = undo_here()
            db.session.commit()
            yield Progress(self.total, self.words(), "success", undo)
        except Refusal as refusal:
            db.session.rollback()
            yield Progress(0, str(refusal), "error")
        except Exception as error:  # half of the page is out: nobody else can tell what happened
            db.session.rollback()
            yield Progress(0, told_of(error), "error")

    def _updates(self) -> Iterator[Progress]:
        told = 0
        for done in self.steps:
            if (done - told) * UPDATES >= self.total:
                told = done
                yield Progress(done)


def told_of(error: Exception) -> str:
    """What is told of a failure, which the log has in full."""
    if isinstance(error, DBAPIError) and (outage := outage_of(error)):
        log_outage(outage, error)
        return OUTAGES[outage][1]
    current_app.logger.exception("Request %s failed amid its answer.", g.request_id, exc_info=error)
    return FAILED


def progress_page(work: Work, title: str, back_url: str) -> Response:
    """Do some work on a page of its own, which goes out up to the first step, then step by step."""
    request.environ["HTTP_ACCEPT_ENCODING"] = "identity"  # compressing would hold the pieces back
    page = render_template(
        "admin/model/bulk_progress.html",
        title=title,
        admin_base_template="admin/base.html",
        steps=STEPS,
        back_url=back_url,
    )
    return Response(stream_with_context(_pieces(work, page, back_url)), mimetype="text/html")


def _pieces(work: Work, page: str, back_url: str) -> Iterator[str]:
    before, _, after = page.partition(STEPS)
    yield before
    for step in work.progress():
        yield render_template("admin/model/bulk_step.html", step=step, total=work.total, back_url=back_url)
    yield after
