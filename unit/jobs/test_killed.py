"""Workers that are killed: every row of a job is there once, whenever that happens."""

import random
from time import monotonic, sleep

import pytest
from flask import Flask

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.jobs.models import State
from unit.jobs.conftest import Ask, job, names, numbered
from unit.jobs.killing import PATIENCE_SECONDS, working
from unit.jobs.works import IN_A_STEP

WORKING = """
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.jobs import taking, worker
from dashboard.jobs.works import Work, add_work
from unit.jobs.works import add_categories
url, folder, key, lease = sys.argv[1:]
taking.LASTS, worker.LOOK_SECONDS = timedelta(seconds=float(lease)), 0.05
app = create_app(Settings(secret_key=key, database_url=url, instance=Path(folder)))
add_work(app, Work("add_categories", add_categories))
worker.start_threads(app, Event(), 1)
"""


def wait_for(number: int, done: int) -> None:
    """Wait until a job has done so much."""
    ends = monotonic() + PATIENCE_SECONDS
    while job(number).done < done and monotonic() < ends:
        sleep(0.005)


@pytest.mark.both_databases
def test_rows_of_a_killed_job_are_there_once_each(
    context: Flask, ask: Ask, settings: Settings, pytestconfig: pytest.Config
) -> None:
    kills = 100 if pytestconfig.getoption("--kills") else 2
    rows = (kills + 1) * IN_A_STEP * 4
    number = ask(number=rows, pause=0.02)
    for _ in range(kills):
        with working(settings, WORKING):
            wait_for(number, min(job(number).done + 1, rows))
            sleep(random.uniform(0, 0.1))
        assert len(names()) == job(number).done
    with working(settings, WORKING):
        wait_for(number, rows)
        sleep(0.2)
    assert (job(number).state, names()) == (State.DONE, numbered(rows))
    assert verify(db.session).faults == []
