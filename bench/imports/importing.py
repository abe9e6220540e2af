"""Imports into our console, asked for as its pages do, and the worker that does them in this process."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from dashboard.admin.features.importing import importer_of
from dashboard.admin.kit.screens import screens_of
from dashboard.catalogue.models import Product
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.importing import flows
from dashboard.importing.fields import Does, Importer
from dashboard.jobs.acting import acting_as
from dashboard.jobs.models import Job, State
from dashboard.jobs.worker import Worker
from dashboard.testing import accounts

SCREEN = "products"


class Importing:
    """An owner who imports products, and the worker that does it."""

    def __init__(self, app: Flask) -> None:
        self.app, self.worker = app, Worker(app)
        with app.app_context():
            self.owner: int = accounts.an_account("owner", email="importing@example.org").id
            db.session.commit()

    @property
    def importer(self) -> Importer:
        """The importer of products; it asks who is logged in."""
        return importer_of(screens_of(self.app), SCREEN)

    def upload(self, path: Path) -> int:
        """Upload a file; returns the number of its draft."""
        with acting_as(self.app, self.owner, "upload"), path.open("rb") as source:
            job = flows.upload(SCREEN, self.importer, self.owner, path.name, source)
            db.session.commit()
            if flows.recognised(job):
                raise RuntimeError("the console asks for the encoding of the file")
            db.session.commit()
            return int(job.id)

    def ask_for_check(self, number: int) -> None:
        """Ask for the check of an uploaded file, with the choices that the page offers."""
        with acting_as(self.app, self.owner, "check"):
            choices = flows.usual_choices(db.session.get_one(Job, number), self.importer)
            begin_write(db.session)
            flows.ask_for_check(number, self.importer, choices)
            db.session.commit()

    def ask(self, check: int) -> int:
        """Ask for the import of a file that was checked; returns its number."""
        with acting_as(self.app, self.owner, "import"):
            begin_write(db.session)
            job, _ = flows.ask_for_import(check, self.importer, whole=True, owner_id=self.owner)
            db.session.commit()
            return int(job.id)

    def ask_for_undo(self, number: int) -> int:
        """Ask for the undo of an import; returns the number of the job."""
        with acting_as(self.app, self.owner, "undo"):
            begin_write(db.session)
            job = flows.ask_for_undo(number, self.importer, owner_id=self.owner)
            db.session.commit()
            return int(job.id)

    def run(self, path: Path) -> None:
        """Import a file without measuring it."""
        number = self.upload(path)
        self.ask_for_check(number)
        self.work(number)
        self.work(self.ask(number))

    def work(self, number: int) -> None:
        """Let the worker do what there is; raises RuntimeError where job `number` does not end well."""
        while self.worker.did_one():
            pass
        self.expect_done(number)

    def state(self, number: int) -> State:
        """The state of a job."""
        with self.app.app_context():
            found: State = db.session.scalars(select(Job.state).where(Job.id == number)).one()
            return found

    def expect_done(self, number: int) -> None:
        """Raise RuntimeError where a job has not ended well."""
        with self.app.app_context():
            job = db.session.get_one(Job, number)
            if job.state is not State.DONE:
                raise RuntimeError(f"{job.title} is {job.state}: {job.message}")

    def expect_rows(self, check: int, does: Does, count: int) -> None:
        """Raise RuntimeError where a check has not found that so many rows do this."""
        with self.app.app_context():
            result = flows.result_of(db.session.get_one(Job, check))
        if result is None or result.counts[does] != count:
            raise RuntimeError(f"not {count:,} rows were found to {does}: {result and result.counts}")

    def expect_products(self, count: int) -> None:
        """Raise RuntimeError where there are not so many products."""
        with self.app.app_context():
            found = db.session.scalar(select(func.count(Product.id)))
        if found != count:
            raise RuntimeError(f"there are {found:,} products, not {count:,}")
