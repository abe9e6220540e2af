"""Imports into a console with suppliers, driven by a worker."""

import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.admin.features.importing import importer_of
from dashboard.admin.kit.screens import screens_of
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.importing.choices import Choices
from dashboard.importing.flows import (
    ask_for_check,
    ask_for_import,
    ask_for_undo,
    recognised,
    upload,
    usual_choices,
)
from dashboard.importing.models import first_refused
from dashboard.jobs.acting import acting_as
from dashboard.jobs.flows import try_again
from dashboard.jobs.models import Job
from dashboard.jobs.worker import Worker
from dashboard.testing.accounts import an_account, email_of
from unit.importing.pages import Pages
from unit.record_view.conftest import console, suppliers

__all__ = ["console", "suppliers"]

SCREEN = "own_suppliers"


class Importing:
    """An editor who imports files into a list, and the worker that does it."""

    def __init__(self, app: Flask, screen: str = SCREEN) -> None:
        self.app, self.screen, self.worker = app, screen, Worker(app)
        with app.app_context():
            its = select(User.id).where(User.email == email_of("editor"))
            self.owner = db.session.scalar(its) or an_account("editor", email=email_of("editor")).id
            db.session.commit()

    def upload(self, text: str | bytes, name: str = "suppliers.csv") -> int:
        """Upload a file, and return the number of its draft."""
        source = io.BytesIO(text.encode() if isinstance(text, str) else text)
        with acting_as(self.app, self.owner, "upload"):
            job = upload(self.screen, self.importer, self.owner, name, source)
            db.session.commit()
            assert recognised(job) is None
            db.session.commit()
            return job.id

    @property
    def importer(self) -> Any:
        return importer_of(screens_of(self.app), self.screen)

    def choices(self, number: int, **chosen: Any) -> Choices:
        """The choices that the page offers first, but for those that are chosen."""
        with acting_as(self.app, self.owner, "choose"):
            usual = usual_choices(db.session.get_one(Job, number), self.importer)
        return Choices(**{**usual.as_json(), **chosen})

    def check(self, text: str | bytes, **chosen: Any) -> int:
        """Upload a file and have it checked; returns the number of the check."""
        number = self.upload(text)
        choices = self.choices(number, **chosen)
        with acting_as(self.app, self.owner, "check"):
            begin_write(db.session)
            ask_for_check(number, self.importer, choices)
            db.session.commit()
        self.work()
        return number

    def ask(self, check: int, *, whole: bool = True) -> int:
        """Ask for the import of a file that was checked, and return its number."""
        with acting_as(self.app, self.owner, "import"):
            begin_write(db.session)
            job, _ = ask_for_import(check, self.importer, whole=whole, owner_id=self.owner)
            db.session.commit()
            return job.id

    def run(self, text: str | bytes, *, whole: bool = True, **chosen: Any) -> Job:
        """Check and import a file; returns the job as it ended."""
        number = self.ask(self.check(text, **chosen), whole=whole)
        self.work()
        return self.job(number)

    def undo(self, number: int) -> Job:
        """Take an import back; returns the job that did it."""
        with acting_as(self.app, self.owner, "undo"):
            begin_write(db.session)
            undo = ask_for_undo(number, self.importer, owner_id=self.owner).id
            db.session.commit()
        self.work()
        return self.job(undo)

    def again(self, number: int) -> None:
        """Start a job again, and do it."""
        with self.app.app_context():
            begin_write(db.session)
            try_again(db.session.get_one(Job, number))
            db.session.commit()
        self.work()

    def work(self) -> None:
        """Let the worker do what there is."""
        while self.worker.did_one():
            pass

    def job(self, number: int) -> Job:
        """A job as it is now."""
        with self.app.app_context():
            found = db.session.get_one(Job, number)
            db.session.expunge(found)
            return found

    def refused(self, number: int) -> list[str]:
        """The reasons of the refused rows of a job."""
        with self.app.app_context():
            return [reason for _, reason in first_refused(number, 100)]

    def result(self, number: int) -> Any:
        """The result of a check or an import, as it is stored."""
        return json.loads(self.job(number).checkpoint)["result"]


Rows = Callable[..., Sequence[Any]]


@pytest.fixture
def importing(suppliers: Flask) -> Importing:
    return Importing(suppliers)


@pytest.fixture
def rows(suppliers: Flask) -> Rows:
    """`rows(statement)` reads what is stored."""

    def read(statement: Any) -> Sequence[Any]:
        with suppliers.app_context():
            return [tuple(row) for row in db.session.execute(statement)]

    return read


@pytest.fixture
def pages(suppliers: Flask) -> Pages:
    return Pages(suppliers)
