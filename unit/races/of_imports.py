"""Files that are uploaded, checked, imported, given up and undone."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from dashboard.admin.features.importing import importer_of
from dashboard.admin.kit.screens import SCREENS
from dashboard.catalogue.models import Category, Product
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.importing.flows import ask_for_check, ask_for_import, recognised, upload, usual_choices
from dashboard.jobs.acting import acting_as
from dashboard.jobs.models import Job, State
from dashboard.jobs.worker import Worker
from dashboard.testing.accounts import the_account
from unit.races.scenarios import number_of, race, stored
from unit.races.track import Entrant, Race, Track

FILES = {"products": b"sku,name,price\nG-1,Garden,1\n", "categories": b"name\nGarden\n"}
"""A file with one new record of each kind that can be imported."""
MODELS = {"products": Product, "categories": Category}
CHECK, APPLY, UNDO = "import-check", "import", "import-undo"


def for_each_kind(page: str) -> Callable[[Callable[[Track, str, str], Race]], None]:
    """Register a race for the page of each kind: its preparation gets the kind and the address."""

    def register(prepare: Callable[[Track, str, str], Race]) -> None:
        for kind in FILES:

            def of_kind(track: Track, kind: str = kind) -> Race:
                return prepare(track, kind, f"/admin/{kind}/import/{page}")

            of_kind.__name__ = f"{prepare.__name__}_of_{kind}"
            race(f"/admin/{kind}/import/{page}")(of_kind)

    return register


def acting(track: Track, kind: str, act: Callable[[int, Any], Job]) -> int:
    """Let the editor do something with the importer of a kind; returns the number of its job."""

    def do() -> int:
        owner = the_account("editor").id
        db.session.commit()
        with acting_as(current_app, owner, "race"):  # type: ignore[arg-type]
            job = act(owner, importer_of(current_app.extensions[SCREENS], kind))
            db.session.commit()
            return job.id

    number = int(track.store(do))
    worker = Worker(track.app)
    while worker.did_one():
        pass
    return number


def a_draft(track: Track, kind: str) -> int:
    """A file of which nobody has said what its columns mean."""
    return acting(track, kind, lambda owner, importer: uploaded(kind, owner, importer))


def uploaded(kind: str, owner: int, importer: Any) -> Job:
    """Upload the file of a kind."""
    job = upload(kind, importer, owner, f"{kind}.csv", io.BytesIO(FILES[kind]))
    db.session.commit()
    recognised(job)
    db.session.commit()
    return job


def a_check(track: Track, kind: str) -> int:
    """A file that was checked."""

    def check(owner: int, importer: Any) -> Job:
        job = uploaded(kind, owner, importer)
        return ask_for_check(job.id, importer, usual_choices(job, importer))

    return acting(track, kind, check)


def an_import(track: Track, kind: str) -> int:
    """Import a file; the number of the job that did it."""
    check = a_check(track, kind)

    def ask(owner: int, importer: Any) -> Job:
        begin_write(db.session)
        return ask_for_import(check, importer, whole=True, owner_id=owner)[0]

    return acting(track, kind, ask)


def has_jobs(work: str, number: int) -> Callable[[Sequence[Entrant]], None]:
    """Return a check that there are so many jobs of this work."""

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Job, Job.work == work) == number

    return holds


@for_each_kind("")
def upload_a_file(track: Track, _kind: str, path: str) -> Race:
    sent = track.bare(track.browsers("editor"), path, text="name\tcount\nGarden\t1\n")
    return Race(sent, winners=track.everyone, holds=has_jobs(CHECK, track.number))


@for_each_kind("columns/")
def let_a_file_be_checked(track: Track, kind: str, path: str) -> Race:
    key = a_draft(track, kind)
    sent = track.entrants(track.browsers("editor"), f"{path}?id={key}")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(Job, key).state is State.WAITING

    return Race(sent, winners=track.everyone, holds=holds)  # a second click leads to the same check


@for_each_kind("apply/")
def import_a_file(track: Track, kind: str, path: str) -> Race:
    key = a_check(track, kind)
    sent = track.bare(track.browsers("editor"), path, id=key, whole="1")
    return Race(sent, winners=track.everyone, holds=has_jobs(APPLY, 1))


@for_each_kind("give-up/")
def give_a_file_up(track: Track, kind: str, path: str) -> Race:
    key = a_check(track, kind)
    sent = track.bare(track.browsers("editor"), path, id=key)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(Job, key).state is State.CANCELLED

    return Race(sent, winners=track.everyone, holds=holds)


@for_each_kind("undo/")
def undo_an_import(track: Track, kind: str, path: str) -> Race:
    key = an_import(track, kind)
    sent = track.bare(track.browsers("editor"), path, id=key)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Job, Job.work == UNDO) == 1
        assert [*db.session.scalars(select(MODELS[kind].name))] == ["Garden"]  # no worker has taken the job

    return Race(sent, winners=track.everyone, holds=holds)
