"""Importing records of a list from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, flash, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.reauthentication.asking import ask_for_proof
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.accounts.uploads import Upload, takes_upload
from dashboard.admin.features.import_columns import ColumnsPage
from dashboard.admin.features.import_example import example_lines, example_zip
from dashboard.admin.features.import_forms import ARCHIVES, SUFFIXES, UploadForm
from dashboard.admin.features.import_jobs import CHECK, IMPORT, file_name, find_job, params_of
from dashboard.admin.features.import_results import check_context, result_context
from dashboard.admin.features.import_upload import file_words, limit_words, too_large_words, uploaded
from dashboard.admin.kit.confirmation import Confirmation
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import WRITES, route
from dashboard.admin.kit.screen import Screen
from dashboard.bounds import PASTED
from dashboard.extensions import db
from dashboard.importing.fields import Importer
from dashboard.importing.files import give_up
from dashboard.importing.flows import ask_for_import, ask_for_undo, is_imported
from dashboard.importing.models import refused_file
from dashboard.importing.table import import_limits
from dashboard.jobs.flows import GIVEN_UP
from dashboard.jobs.following import follow
from dashboard.jobs.models import OPEN, Job, State
from dashboard.listing.page import ListPage
from dashboard.permissions import Access
from dashboard.refusal import Refusal
from dashboard.web.downloads import as_download
from dashboard.web.returning import redirect_to
from dashboard.web.security_headers import refuse_foreign

UPLOAD = Upload(lambda: import_limits().bytes, 4 * PASTED, too_large_words)
"""The largest form: a character of a text has up to four bytes."""
WITH_FILES = "files"
"""The parameter that asks for an example with files."""
NO_SCREEN = "This console can't import into {} any more."
NOT_ALLOWED = "You may no longer change these records."
QUESTION = "Undo the import of {}?"
CONSEQUENCE = (
    "Records that it created go, and records that it changed are as they were before it. Records that were "
    "changed since stay as they are, and are named. The history keeps both."
)


class Import(Feature[Screen]):
    """Records can be imported from files; ``make`` gives the importer of a screen."""

    keeps_records = ("import_view", "import_columns_view", "import_give_up_view")

    def __init__(self, make: Callable[[Screen], Importer]) -> None:
        self.make = make

    @property
    def importer(self) -> Importer:
        """The importer of the records of this screen."""
        return self.make(self.screen)

    def on_list(self, page: ListPage) -> Mapping[str, Any]:  # noqa: ARG002
        """The address of the form that takes a file, for those who may import."""
        return {"import_url": self.url} if self.screen.allows("import_view") else {}

    @property
    def url(self) -> str:
        """The address of the form that takes a file."""
        return f"{self.screen.urls.index}import/"

    @property
    def title(self) -> str:
        """The title of that form."""
        return f"Import {str(self.screen.name).lower()}"

    def page(self, template: str, title: str, **context: Any) -> str:
        """Render one of the pages of an import."""
        urls = self.screen.urls
        return self.screen.page(f"admin/imports/{template}.html", title=title, list_url=urls.index, **context)

    def at(self, view: str, job: Job) -> ResponseReturnValue:
        """Lead to a page about a job."""
        return redirect_to(url_for(f".import_{view}_view", id=job.id))

    @route("/import/", Access.WRITE, methods=("GET", "POST"))
    @takes_upload(UPLOAD)
    def import_view(self) -> ResponseReturnValue:
        """Take a file, or pasted rows."""
        form = UploadForm()
        if form.validate_on_submit():
            try:
                return self.at("columns", uploaded(self.screen.endpoint, self.importer, form))
            except Refusal as refusal:
                db.session.rollback()
                form.add_error(str(refusal), "text" if form.is_pasted else "file")
        with_files = file_words(self.importer)
        accept = SUFFIXES + (ARCHIVES if with_files else "")
        return self.page(
            "upload", self.title, form=form, limits=limit_words(), accept=accept, with_files=with_files
        )

    @route("/import/example/", Access.WRITE)
    def import_example_view(self) -> ResponseReturnValue:
        """A file with the header and two rows that can be imported; a ZIP where files are asked for."""
        name = f"{self.screen.endpoint}-example.csv"
        if WITH_FILES in request.args and file_words(self.importer):
            response = Response(example_zip(self.importer, name), mimetype="application/zip")
            name = f"{self.screen.endpoint}-example.zip"
        else:
            response = Response("".join(example_lines(self.importer)), mimetype="text/csv")
        as_download(response, name)
        return response

    @route("/import/columns/", Access.WRITE, methods=("GET", "POST"))
    def import_columns_view(self) -> ResponseReturnValue:
        """Ask what the columns of a file mean, and let it be checked."""
        job = find_job(self.screen, CHECK)
        if job.state in OPEN or is_imported(job):
            return self.at("check", job)  # a second click, or a page from before
        try:
            page = ColumnsPage(self.importer, job)
            if request.method == WRITES and (answer := page.answer()):
                return answer
            context = page.context()
        except Refusal as refusal:  # the file is gone
            db.session.rollback()
            flash(str(refusal), "error")
            return redirect_to(url_for(".import_view"))
        return self.page("columns", f"Columns of {file_name(job)}", job=job, **context)

    @route("/import/check/", Access.WRITE)
    def import_check_view(self) -> ResponseReturnValue:
        """How far the check of a file is, and what it found."""
        job = find_job(self.screen, CHECK)
        if job.state is State.DRAFT:
            return self.at("columns", job)
        if self.screen.needs_proof and job.state is State.DONE and not proof_is_fresh():
            return ask_for_proof()  # here, because the button that needs it would lose its way back
        context = check_context(self.importer, job)
        return self.page("check", f"Check of {file_name(job)}", job=job, **context)

    @route("/import/give-up/", Access.WRITE, methods=("POST",))
    def import_give_up_view(self) -> ResponseReturnValue:
        """Let a file go that was checked and not imported."""
        job = find_job(self.screen, CHECK)
        if job.state in OPEN or is_imported(job):
            return self.at("check", job)
        give_up(job)
        flash(GIVEN_UP, "success")
        return redirect_to(self.screen.urls.index)

    @route("/import/apply/", Access.WRITE, methods=("POST",))
    def import_apply_view(self) -> ResponseReturnValue:
        """Let a worker import the rows of a file that was checked."""
        check, is_whole = find_job(self.screen, CHECK), "whole" in request.form
        try:
            job, is_new = ask_for_import(check.id, self.importer, whole=is_whole, owner_id=current_user.id)
        except Refusal as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
            return self.at("check", check)
        db.session.commit()
        if is_new:
            follow(job.id)
        return self.at("result", job)

    @route("/import/result/", Access.WRITE)
    def import_result_view(self) -> ResponseReturnValue:
        """How far an import is, what it did, and whether it can be undone."""
        job = find_job(self.screen, IMPORT, others=True)
        context = result_context(job)
        return self.page("result", f"Import of {file_name(job)}", job=job, **context)

    @route("/import/undo/", Access.WRITE, methods=("GET", "POST"))
    def import_undo_view(self) -> ResponseReturnValue:
        """Ask on GET, and let a worker undo an import on POST."""
        job = find_job(self.screen, IMPORT, others=True)
        back = url_for(".import_result_view", id=job.id)
        if request.method != WRITES:
            title = QUESTION.format(file_name(job))
            asked = Confirmation(title, CONSEQUENCE, "Undo import", "bad", fields=[("id", str(job.id))])
            return self.screen.confirm(asked, back)
        try:
            undo = ask_for_undo(job.id, self.importer, owner_id=current_user.id)
        except Refusal as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
            return redirect_to(back)
        db.session.commit()
        follow(undo.id)
        return redirect_to(back)

    @route("/import/refused/", Access.WRITE)
    def import_refused_view(self) -> ResponseReturnValue:
        """The rows that a check or an import refused, as a file to mend and upload again."""
        refuse_foreign()
        job = find_job(self.screen, CHECK, IMPORT)
        lines = (line.encode() for line in refused_file(job.id, params_of(job)))
        response = Response(stream_with_context(lines), mimetype="text/csv")
        name = f"{self.screen.endpoint}-refused.csv"
        as_download(response, name)
        return response


def screen_at(screens: Sequence[Screen], endpoint: str) -> Screen | None:
    """The screen with this endpoint; None where there is none."""
    return next((each for each in screens if each.endpoint == endpoint), None)


def importer_of(screens: Sequence[Screen], endpoint: str) -> Importer:
    """The importer of a screen; raises Refusal where there is none, or the user may change no records."""
    screen = screen_at(screens, endpoint)
    feature = screen.feature(Import) if screen is not None else None
    if screen is None or feature is None:
        raise Refusal(NO_SCREEN.format(endpoint))
    if not screen.holds(Access.WRITE):
        raise Refusal(NOT_ALLOWED)
    return feature.importer
