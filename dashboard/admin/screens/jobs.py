"""Jobs as a list that is only read, and the page on which one is followed, cancelled and started again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, make_response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.names import PERSON, called, names_of
from dashboard.accounts.reauthentication.asking import ask_for_proof
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.admin.kit.by_person import by_person
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.detail import Fact
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.job_progress import Follow, amount, badge_of, shown_on, whole_file
from dashboard.admin.kit.screen import Screen
from dashboard.extensions import db
from dashboard.jobs import flows
from dashboard.jobs.files import content_of
from dashboard.jobs.following import follow
from dashboard.jobs.models import Job, State
from dashboard.jobs.undoing import ask_for_undo
from dashboard.jobs.visible import visible_jobs
from dashboard.jobs.works import work_called
from dashboard.listing.columns import Badge, Column, Kind
from dashboard.listing.filters import OneOf, Option
from dashboard.listing.ranges import Dates
from dashboard.listing.state import Listing
from dashboard.permissions import HOME_READ, Access, Permission
from dashboard.refusal import Refusal
from dashboard.registry import kind_of, registry
from dashboard.search.index import ColumnSearch
from dashboard.web.downloads import as_download
from dashboard.web.returning import redirect_to
from dashboard.web.security_headers import refuse_foreign

READ, WRITE = HOME_READ, HOME_READ
OPTIONS = [Option(state.value, state.value.capitalize(), state) for state in State]


class JobsView(Screen):
    """Jobs: who asked for what, how far it is and how it ended."""

    singular = "job"
    usual_features = ()
    empty_title = "No jobs yet"
    empty_text = "Exports and other long work appear here, with their progress and their files."
    search_placeholder = "Search jobs"
    details_template = "admin/jobs/job.html"
    listing = Listing(
        key=Job.id,
        title=Job.title,
        sort="-asked",
        search=ColumnSearch(Job.title),
        scope=visible_jobs,
        joins=(Job.owner,),
        columns=(
            Column("job", "Job", (Job.title,), sortable=False),
            Column("state", "State", (Job.state,), Kind.BADGE, show=badge_of, sortable=False),
            Column("progress", "Progress", (Job.done, Job.total), show=amount, sortable=False),
            Column("by", "Asked by", PERSON, show=called, sortable=False),
            Column("asked", "Asked", (Job.asked_at,), Kind.DATE),
            Column("ended", "Ended", (Job.ended_at,), Kind.DATE, sortable=False),
        ),
        facets=(
            OneOf("state", "State", lambda: OPTIONS, Job.state),
            Dates("asked", "Asked", Job.asked_at),
            by_person("by", "Asked by", Job.owner_id, visible_jobs),
            Dates("ended", "Ended", Job.ended_at),
        ),
        further=dict.fromkeys(("by", "ended")),
    )

    def page(self, template: str, **context: Any) -> str:
        """A page without bulk actions; that of one job says how far it is."""
        job = context.get("record")
        more = {"follow": self.followed(job)} if job else {}
        return super().page(template, **{"bulk_actions": (), **more, **context})

    @property
    def kind(self) -> str:
        """The kind of the rows, which have no history."""
        return kind_of(Job)

    def permission(self, access: Access) -> Permission:  # noqa: ARG002 - everyone has jobs of their own
        """The permission to see jobs."""
        return HOME_READ

    def badge(self, record: Job) -> Badge:
        """The state."""
        return badge_of(record.state)

    def facts(self, record: Job) -> Sequence[Fact]:
        """Who asked, and when what happened."""
        return (
            Fact("Asked by", names_of([record.owner_id]).get(record.owner_id)),
            Fact("Asked", record.asked_at, Kind.DATE),
            Fact("Started", record.started_at, Kind.DATE),
            Fact("Ended", record.ended_at, Kind.DATE),
        )

    def followed(self, job: Job) -> Follow:
        """The parts of a page about a job that change."""
        return Follow(job, shown_on())

    def page_of(self, job: Job) -> str:
        """The address of the page of a job."""
        return url_for(".details_view", id=job.id)

    @route("/progress/", READ)
    def progress_view(self) -> ResponseReturnValue:
        """The part of the page that changes while a worker does the job."""
        job = self.get_or_404()
        follow = self.followed(job)
        response = make_response(self.render("admin/jobs/progress.html", record=job, follow=follow))
        response.headers["Cache-Control"] = "no-store"
        return response

    @route("/cancel/", WRITE, methods=("POST",))
    def cancel_view(self) -> ResponseReturnValue:
        """Cancel a job."""
        job = self.get_or_404()
        if not flows.cancel(job):
            return self.answer(job, "This job has ended already.", "warning")
        words = job.message if job.state.is_over else "The job ends after its present step."
        return self.answer(job, words, "success")

    @route("/retry/", WRITE, methods=("POST",))
    def retry_view(self) -> ResponseReturnValue:
        """Start a job again that failed or was cancelled; only its owner can, whose permissions it has."""
        job = self.get_or_404()
        self.refuse_others(job)
        try:
            flows.try_again(job)
        except Refusal as refusal:
            return self.answer(job, str(refusal), "error")
        follow(job.id)
        return self.answer(job, "The job waits for a worker.", "success")

    @route("/undo/", WRITE, methods=("GET", "POST"))
    def undo_view(self) -> ResponseReturnValue:
        """Ask whether to undo what a job did, and ask for the job that does it."""
        job = self.get_or_404()
        self.refuse_others(job)
        work = work_called(job.work)
        if work is None or not work.can_be_undone:
            abort(404)
        if request.method != WRITES:
            asked = Confirmation(
                title=f"Undo “{job.title}”?",
                consequence="Records that were changed since stay as they are, and are named.",
                verb="Undo",
                fields=[("id", str(job.id))],
            )
            return self.confirm(asked, cancel_url=self.page_of(job))
        try:
            undo = ask_for_undo(job, current_user.id)
        except Refusal as refusal:
            db.session.rollback()
            return self.answer(job, str(refusal), "error")
        db.session.commit()
        follow(undo.id)
        return redirect_to(self.page_of(undo))

    def answer(self, job: Job, message: str, category: str) -> ResponseReturnValue:
        """Commit, show a message, and go to the page that follows the job."""
        db.session.commit()
        flash(message, category)
        return redirect_to(shown_on() or self.page_of(job))

    def refuse_others(self, job: Job) -> None:
        """Abort a request of another user than the owner of the job."""
        if job.owner_id != current_user.id:
            abort(403)

    @route("/file/", READ)
    def file_view(self) -> ResponseReturnValue:
        """A file of a job, for its owner while that user may still export such records."""
        refuse_foreign()
        job = self.get_or_404()
        self.refuse_others(job)
        record = registry().get(job.record_kind)
        if record is not None and not record.allows(Access.EXPORT):
            abort(403)
        if record is not None and record.personal and not proof_is_fresh():
            return ask_for_proof()
        file = whole_file(job)
        if file is None:
            flash("The file of this job is no longer kept.", "warning")
            return redirect_to(self.page_of(job))
        response = Response(stream_with_context(content_of(file)), mimetype=file.media_type)
        as_download(response, file.name)
        response.content_length = file.size
        return response
