"""Works for tests: each adds categories, some in a step, so that what happened twice or not at all shows."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from time import sleep

from sqlalchemy import Connection, event

from dashboard.catalogue.flows import create_category
from dashboard.extensions import db
from dashboard.jobs.run import Run
from dashboard.refusal import Refusal
from unit.full_disk import no_file_grows

IN_A_STEP = 3


def add_categories(run: Run) -> str:
    """Add as many categories as asked for, named by their number."""
    total, at = run.params["number"], run.checkpoint.get("at", 0)
    while at < total:
        ends = min(at + IN_A_STEP, total)
        with run.step(done=ends, total=total, at=ends):
            for number in range(at, ends):
                create_category(f"Category {number}")
            sleep(run.params.get("pause", 0))
        at = ends
    return f"{total} categories added."


def meet_an_outage(run: Run) -> str:
    """Add a category, lose the database at the first attempt at another, and add that at the second."""
    if not run.checkpoint:
        with run.step(done=1, total=2, at=1):
            create_category("Category 0")
        with outage(), run.step(done=2, at=2):
            create_category("Category 1")
    with run.step(done=2, at=2):
        create_category("Category 1")
    return "2 categories added."


def outage() -> AbstractContextManager[None]:
    """A disk without space, or a server that ends our connection."""
    return no_file_grows() if db.engine.dialect.name == "sqlite" else connections_end()


@contextmanager
def connections_end() -> Iterator[None]:
    """PostgreSQL ends the next connection as soon as it is used within."""

    def end(connection: Connection) -> None:
        event.remove(db.engine, "begin", end)
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    event.listen(db.engine, "begin", end)
    yield


def refuse(run: Run) -> str:
    """Change something, and refuse the work in the same step."""
    with run.step(done=1):
        create_category("Half")
        raise Refusal("There is no room for it.")


def break_down(run: Run) -> str:
    """Change something, and have a fault in the same step."""
    with run.step(done=1):
        create_category("Half")
        raise ZeroDivisionError


def say_who(run: Run) -> str:
    """Say which permissions the job has."""
    from flask_login import current_user

    from dashboard.permissions import may

    db.session.rollback()
    return f"{current_user.email} {may('products:write')}"
