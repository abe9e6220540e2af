"""Long work on a page that is sent piece by piece and shows the progress without a script."""

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

STREAMED_FROM = 2000  # fewer are done before a user could read the progress
UPDATES = 20
STEPS = Markup("<!-- steps -->")
"""The placeholder of the steps in the page; no text on it can be the same, for texts are escaped."""
FAILED = "Something went wrong on our side. Nothing was changed."


@dataclass(frozen=True)
class Progress:
    """The progress of some work; at its end also the message, its category, and where to undo the work."""

    done: int
    message: str = ""
    category: str = ""
    undo: Undo | None = None


@dataclass(frozen=True)
class Work:
    """A change of ``total`` records in one transaction: ``steps`` makes it and yields how many are done.

    ``words`` returns the message at its end.
    """

    total: int
    steps: Iterator[int]
    words: Callable[[], str]

    def progress(self) -> Iterator[Progress]:
        """Make the change and yield the progress; at the end commit, or roll back with the message why."""
        try:
            yield from self._updates()
            undo = undo_here()
            db.session.commit()
            yield Progress(self.total, self.words(), "success", undo)
        except Refusal as refusal:
            db.session.rollback()
            yield Progress(0, str(refusal), "error")
        except Exception as error:  # half of the page is sent: no error page can follow
            db.session.rollback()
            yield Progress(0, failure_message(error), "error")

    def _updates(self) -> Iterator[Progress]:
        told = 0
        for done in self.steps:
            if (done - told) * UPDATES >= self.total:
                told = done
                yield Progress(done)


def failure_message(error: Exception) -> str:
    """Log a failure in full, and return the message about it."""
    if isinstance(error, DBAPIError) and (outage := outage_of(error)):
        log_outage(outage, error)
        return OUTAGES[outage][1]
    current_app.logger.exception("Request %s failed amid its answer.", g.request_id, exc_info=error)
    return FAILED


def progress_page(work: Work, title: str, back_url: str) -> Response:
    """Do some work on a page of its own, which is sent up to the first step, and then step by step."""
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
