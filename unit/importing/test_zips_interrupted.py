"""Imports of files that are killed or cancelled: no row without its file, no used file without its row."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard import clock
from dashboard.catalogue.importing import ProductImporter
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import purge_products
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.lists import keys_in
from dashboard.files.models import StoredFile
from dashboard.files.store import Store, files_store
from dashboard.files.storing import part_name
from dashboard.files.sweeping import Sweeper
from dashboard.history.chain import verify
from dashboard.importing import applying, checking
from dashboard.jobs.models import Job, State
from dashboard.pictures.reading import SIZES
from dashboard.trash.models import Trashed
from unit.conftest import SetClock
from unit.files.photos import LATER, picture
from unit.importing.conftest import Importing
from unit.importing.zips import packed, stored_number, used_number
from unit.jobs.killing import PATIENCE_SECONDS, working

WORKING = """
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import sleep
from dashboard.app import create_app
from dashboard.catalogue.importing import ProductImporter
from dashboard.config import Settings
from dashboard.importing import applying
from dashboard.jobs import taking, worker
url, folder, key, lease = sys.argv[1:]
taking.LASTS, worker.LOOK_SECONDS = timedelta(seconds=float(lease)), 0.05
ProductImporter.at_once, applying.FIRST, applying.FEWEST, applying.MOST = 1, 3, 3, 3
app = create_app(Settings(secret_key=key, database_url=url, instance=Path(folder)))
worker.start_threads(app, Event(), 1)
"""


def many(number: int) -> bytes:
    """A ZIP with so many products, each with a photo of its own."""
    files = {f"{each}.png": picture(f"#{each:06x}") for each in range(number)}
    rows = "".join(f"S-{each:04},Lamp,1,{each}.png\n" for each in range(number))
    return packed(f"sku,name,price,photos\n{rows}", files)


def photos() -> dict[str, list[str]]:
    """The keys of the photos of each product; raises where one of them is not stored whole."""
    db.session.rollback()
    rows = db.session.execute(select(Product.sku, Product.photos).order_by(Product.sku))
    found = {row.sku: keys_in(row.photos) for row in rows}
    known = {*db.session.scalars(select(StoredFile.key))}
    for key in (key for keys in found.values() for key in keys):
        assert key in known
        assert all(files_store().size(part_name(key, size)) for size in SIZES)
    return found


@pytest.mark.both_databases
def test_killed_import_ends_with_every_row_and_its_photo(
    context: Flask, settings: Settings, pytestconfig: pytest.Config
) -> None:
    kills = 50 if pytestconfig.getoption("--kills") else 2
    importing, total = Importing(context, "products"), (kills + 1) * 6
    number = importing.ask(importing.check(many(total)))
    for _ in range(kills):
        with working(settings, WORKING):
            before, ends = importing.job(number).done, monotonic() + PATIENCE_SECONDS
            while importing.job(number).done <= before < total and monotonic() < ends:
                sleep(0.005)
            sleep(random.uniform(0, 0.1))
        photos()
    with working(settings, WORKING):
        ends = monotonic() + PATIENCE_SECONDS
        while not importing.job(number).state.is_over and monotonic() < ends:
            sleep(0.05)
    assert importing.job(number).state is State.DONE
    found = photos()
    assert len(found) == total
    assert all(len(keys) == 1 for keys in found.values())
    assert len({key for [key] in found.values()}) == total
    assert verify(db.session).faults == []


@pytest.mark.parametrize(("at_once", "in_trash"), [(10_000, 0), (1, 4)])
def test_cancelled_import_leaves_no_file_but_those_of_the_trash(
    app: Flask, monkeypatch: pytest.MonkeyPatch, set_clock: SetClock, at_once: int, in_trash: int
) -> None:
    """Rows that it saved in steps go to the trash, as with any undo, and their files with them."""
    importing = Importing(app, "products")
    number = importing.ask(importing.check(many(12)))
    monkeypatch.setattr(ProductImporter, "at_once", at_once)
    monkeypatch.setattr(checking, "TOLD_EVERY", 0)
    for name in ("FIRST", "FEWEST", "MOST"):
        monkeypatch.setattr(applying, name, 4)
    monkeypatch.setattr(Store, "put", cancelling(number, Store.put, after=18))

    importing.work()

    job = importing.job(number)
    assert (job.state, job.message) == (State.CANCELLED, "Cancelled. Nothing was imported.")
    with app.app_context():
        assert photos() == {}
        set_clock(clock.now() + LATER)
        Sweeper().step()
    assert (stored_number(app), used_number(app)) == (in_trash, in_trash)
    with app.app_context():
        purge_products([int(key) for key in db.session.scalars(select(Trashed.record_key))])
        db.session.commit()
        Sweeper().step()
        assert [*files_store().names()] == []


def cancelling(number: int, put: Callable[..., None], after: int) -> Callable[..., None]:
    """`put`, as it is but that a user cancels a job after so many parts of files."""
    parts = [0]

    def counting(*arguments: object) -> None:
        put(*arguments)
        parts[0] += 1
        if parts[0] == after:
            begin_write(db.session)
            db.session.execute(update(Job).where(Job.id == number).values(cancel_asked=True))
            db.session.commit()

    return counting
