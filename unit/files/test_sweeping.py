"""Files that no record has any more are deleted, except those that an undo, a restore or a revert needs."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard import clock
from dashboard.catalogue.trash import purge_products
from dashboard.extensions import db
from dashboard.files.models import FileUse, StoredFile
from dashboard.files.store import files_store
from dashboard.files.storing import PARTS, part_name
from dashboard.files.sweeping import Sweeper
from dashboard.files.uses import forget_uses
from unit.conftest import SetClock
from unit.files.photos import LATER, Photos, picture


@pytest.fixture
def sweep(app: Flask, set_clock: SetClock) -> "Sweep":
    return Sweep(app, set_clock)


class Sweep:
    """Lets two days pass, and the task look at all files."""

    def __init__(self, app: Flask, set_clock: SetClock) -> None:
        self.app, self.set_clock = app, set_clock

    def __call__(self) -> None:
        with self.app.app_context():
            self.set_clock(clock.now() + LATER)
            sweeper = Sweeper()
            while sweeper.step():
                pass

    def parts(self, key: str) -> int:
        """How many parts of a file are stored."""
        with self.app.app_context():
            return sum(each.name.split("/")[1] == key for each in files_store().names())

    def rows(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count(StoredFile.id))) or 0


def test_file_of_no_record_is_deleted_after_a_day(photos: Photos, sweep: Sweep) -> None:
    key = photos.upload(picture()).json["key"]
    assert (sweep.rows(), sweep.parts(key)) == (1, 3)

    sweep()

    assert (sweep.rows(), sweep.parts(key)) == (0, 0)


def test_file_just_uploaded_is_kept(photos: Photos, sweep: Sweep, app: Flask) -> None:
    photos.upload(picture())

    with app.app_context():
        Sweeper().step()

    assert sweep.rows() == 1


def test_file_of_a_record_and_one_that_it_had_are_kept(photos: Photos, sweep: Sweep) -> None:
    photos.add(picture(), picture())
    photos.change(remove=photos.keys()[0])

    sweep()

    assert sweep.rows() == 2


def test_file_of_a_record_in_the_trash_is_kept_until_it_is_purged(
    photos: Photos, lamp: int, sweep: Sweep, app: Flask
) -> None:
    photos.add(picture())
    [key] = photos.keys()
    photos.press(f"/admin/products/delete/?id={lamp}", "Delete product")
    sweep()
    assert (sweep.rows(), sweep.parts(key)) == (1, 3)

    with app.app_context():
        purge_products([lamp])
        db.session.commit()
    sweep()

    assert (sweep.rows(), sweep.parts(key)) == (0, 0)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FileUse)) == 0


def test_files_of_an_erased_record_are_sent_to_nobody_and_deleted_at_once(
    photos: Photos, lamp: int, app: Flask, sweep: Sweep
) -> None:
    photos.add(picture())
    [key] = photos.keys()
    photos.press(f"/admin/products/delete/?id={lamp}", "Delete product")

    with app.app_context():
        purge_products([lamp])
        forget_uses("products", lamp)
        db.session.commit()

    assert photos.client.get(f"/admin/products/file/?key={key}&part=small").status_code == 404
    with app.app_context():
        Sweeper().step()
    assert (sweep.rows(), sweep.parts(key)) == (0, 0)


def test_bytes_without_a_row_are_deleted_after_a_day(sweep: Sweep, app: Flask) -> None:
    key = "ab" * 16
    with app.app_context():
        files_store().put(part_name(key, PARTS[0]), b"left by a crash")
        Sweeper().step()
    assert sweep.parts(key) == 1

    sweep()

    assert sweep.parts(key) == 0
