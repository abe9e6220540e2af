"""Letting a worker do the jobs that pages asked for."""

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.models import Job
from dashboard.jobs.worker import Worker


def work(app: Flask) -> Job:
    """Let a worker do what there is, and return the last job as it ended."""
    worker = Worker(app)
    while worker.did_one():
        pass
    with app.app_context():
        job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert job is not None
        db.session.expunge(job)
        return job
