"""A console whose jobs add categories."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.files import FileWriter
from dashboard.jobs.flows import ask_for
from dashboard.jobs.models import Job, JobFile
from dashboard.jobs.worker import Worker
from dashboard.jobs.works import Work, add_work
from dashboard.testing.accounts import an_account, email_of
from unit.conftest import MakeApp
from unit.jobs import works

Ask = Callable[..., int]


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app()
    for do in (works.add_categories, works.meet_an_outage, works.refuse, works.break_down, works.say_who):
        add_work(app, Work(do.__name__, do))
    return app


@pytest.fixture
def ask(app: Flask) -> Ask:
    """`ask(work, role, **params)` asks for a job of the user with this role and returns its number."""

    def ask(work: str = "add_categories", role: str = "editor", **params: Any) -> int:
        with app.app_context():
            begin_write(db.session)
            its = select(User.id).where(User.email == email_of(role))
            owner = db.session.scalar(its) or an_account(role, email=email_of(role)).id
            job = ask_for(work, "Some work", owner_id=owner, params=params)
            db.session.commit()
            return job.id

    return ask


@pytest.fixture
def worker(app: Flask) -> Worker:
    return Worker(app)


def job(number: int) -> Job:
    """A job as it is now."""
    db.session.rollback()
    return db.session.get_one(Job, number, populate_existing=True)


def names() -> list[str]:
    """The names of all categories."""
    db.session.rollback()
    return [*db.session.scalars(select(Category.name).order_by(Category.id))]


def written(number: int, content: bytes, name: str = "list.csv", piece: int = 70_000) -> JobFile:
    """A file of a job with this content, written in pieces."""
    begin_write(db.session)
    writer = FileWriter(number, name, "text/csv")
    for at in range(0, len(content), piece):
        if writer.add(content[at : at + piece]):
            writer.write(db.session)
    writer.write(db.session, is_last=True)
    db.session.commit()
    return db.session.get_one(JobFile, writer.file_id)


def numbered(number: int) -> list[str]:
    """The names of so many categories that a job added."""
    return [f"Category {each}" for each in range(number)]
