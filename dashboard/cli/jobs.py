"""Commands for jobs."""

from __future__ import annotations

import click
from sqlalchemy import select

from dashboard.cli.environment import application
from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.flows import cancel
from dashboard.jobs.models import OPEN, Job
from dashboard.log_lines import escaped
from dashboard.number_form import number_words

SHOWN = 50


@click.group()
def jobs() -> None:
    """Look after jobs."""


@jobs.command("list")
@click.option("--all", "every", is_flag=True, help=f"Also those that have ended; the last {SHOWN}.")
def list_command(every: bool) -> None:
    """List the jobs that have not ended, oldest first."""
    with application():
        found = select(Job).order_by(Job.id.desc()).limit(SHOWN)
        rows = db.session.scalars(found if every else found.where(Job.state.in_(OPEN))).all()
        for job in reversed(rows):
            done = (
                f"{number_words(job.done)} of {number_words(job.total)}"
                if job.total
                else number_words(job.done)
            )
            words = (str(job.id), job.state.value, done, job.owner.email, job.title, job.message)
            click.echo(escaped("  ".join(filter(None, words))))
        if not rows:
            click.echo("No jobs.", err=True)


@jobs.command("cancel")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
def cancel_command(number: int) -> None:
    """Cancel the job with this NUMBER; its present step is rolled back."""
    with application():
        begin_write(db.session)
        job = db.session.scalar(for_writing(select(Job).where(Job.id == number), Job.id))
        if job is None:
            raise click.ClickException(f"There is no job {number}.")
        if not cancel(job):
            raise click.ClickException(f"Job {number} has ended already: {job.state}.")
        over = job.state.is_over
        db.session.commit()
        click.echo(f"Job {number} {'is cancelled' if over else 'ends after its present step'}.")
