"""Imports whose workers are killed: however often, all rows are there once, or no row is."""

import random
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Category
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.jobs.models import State
from unit.importing.conftest import Importing
from unit.jobs.killing import PATIENCE_SECONDS, working

WORKING = """
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import sleep
from dashboard.admin.features.form_importer import FormImporter
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.importing import applying
from dashboard.jobs import taking, worker
url, folder, key, lease = sys.argv[1:]
taking.LASTS, worker.LOOK_SECONDS = timedelta(seconds=float(lease)), 0.05
FormImporter.at_once, applying.FIRST, applying.FEWEST, applying.MOST = 1, 4, 4, 4
create = FormImporter.write
def slowly(self, outcomes):
    create(self, outcomes)
    sleep(0.02)
FormImporter.write = slowly
app = create_app(Settings(secret_key=key, database_url=url, instance=Path(folder)))
worker.start_threads(app, Event(), 1)
"""
IN_A_STEP = 4


def names() -> list[str]:
    db.session.rollback()
    return [*db.session.scalars(select(Category.name).order_by(Category.id))]


def wait_for(importing: Importing, number: int, done: int) -> None:
    """Wait until a job has done so much, or is over."""
    ends = monotonic() + PATIENCE_SECONDS
    while monotonic() < ends and (job := importing.job(number)).done < done and not job.state.is_over:
        sleep(0.005)


@pytest.mark.both_databases
@pytest.mark.parametrize("last", ["is good", "is refused"])
def test_killed_import_ends_with_all_rows_once_or_without_any(
    context: Flask, settings: Settings, pytestconfig: pytest.Config, last: str
) -> None:
    kills = 50 if pytestconfig.getoption("--kills") else 1
    importing, total = Importing(context, "categories"), (kills + 1) * IN_A_STEP * 3
    wanted = [f"Category {number:04}" for number in range(total)]
    number = importing.ask(importing.check("\n".join(["name", *wanted])))
    if last == "is refused":  # a name that looks like the last one has just been taken
        db.session.add(Category(name=wanted[-1].upper()))
        db.session.commit()
    before = names()
    for _ in range(kills):
        with working(settings, WORKING):
            wait_for(importing, number, min(importing.job(number).done + 1, total))
            sleep(random.uniform(0, 0.1))
    with working(settings, WORKING):
        ends = monotonic() + PATIENCE_SECONDS
        while not importing.job(number).state.is_over and monotonic() < ends:
            sleep(0.05)
    job = importing.job(number)
    if last == "is good":
        assert (job.state, names()) == (State.DONE, wanted)
    else:
        assert (job.state, names()) == (State.FAILED, before)
    assert verify(db.session).faults == []
