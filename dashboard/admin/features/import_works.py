"""The work of imports that workers do, for every list that can be imported into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import url_for

from dashboard.admin.features.import_jobs import CHECK, IMPORT, UNDO, is_own, params_of
from dashboard.admin.features.importing import importer_of, screen_at
from dashboard.admin.kit.screen import Screen
from dashboard.importing import applying, checking
from dashboard.importing.fields import Importer
from dashboard.importing.files import has_file
from dashboard.importing.forgetting import forget_rows
from dashboard.jobs import undoing
from dashboard.jobs.models import Job, State
from dashboard.jobs.run import Run
from dashboard.jobs.works import Work


def import_works(screens: Sequence[Screen]) -> Sequence[Work]:
    """The work of import jobs into the lists of `screens`, which may still grow."""
    does: Mapping[str, Callable[[Run, Importer], str]] = {
        CHECK: checking.check,
        IMPORT: applying.apply,
        UNDO: lambda run, importer: undoing.undo(run, importer.record.singular),
    }

    def work(name: str) -> Work:
        def do(run: Run) -> str:
            return does[name](run, importer_of(screens, run.params["screen"]))

        def page(job: Job) -> str | None:
            screen = screen_at(screens, params_of(job).get("screen", ""))
            may = screen is not None and screen.allows("import_view")
            return _page_of(screen, job) if screen is not None and may else None

        return Work(
            name,
            do,
            undoes=name == IMPORT,
            page=page,
            repeats=_can_check_again if name == CHECK else _always,
            forget=forget_rows if name == CHECK else _forget_nothing,  # of both
        )

    return [work(name) for name in does]


def _always(_job: Job) -> bool:
    return True


def _forget_nothing(_record_kind: str) -> None:
    """Forget nothing: the first of the works forgets for the others."""


def _can_check_again(job: Job) -> bool:
    """Whether it was said what the columns mean, and the file is still there."""
    return bool(params_of(job).get("choices")) and has_file(job.id)


def _page_of(screen: Screen, job: Job) -> str | None:
    params, view = params_of(job), f"{screen.endpoint}.import"
    if job.work == CHECK:
        name = "columns" if job.state is State.DRAFT else "check"
        return url_for(f"{view}_{name}_view", id=job.id) if is_own(job) else None
    number = job.id if job.work == IMPORT else params["job"]
    return url_for(f"{view}_result_view", id=number)
