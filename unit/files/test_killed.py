"""Uploads whose process is killed: no record has a file that is not there, and no bytes stay alone."""

import random
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.catalogue.models import Product
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.files.lists import keys_in
from dashboard.files.models import FileUse, StoredFile
from dashboard.files.store import files_store
from dashboard.files.storing import part_name
from dashboard.files.sweeping import Sweeper
from dashboard.history.chain import verify
from dashboard.pictures.reading import SIZES
from dashboard.testing.catalogue import a_product
from unit.conftest import SetClock
from unit.files.photos import LATER
from unit.jobs.killing import PATIENCE_SECONDS, working

UPLOADING = """
import io, sys
from pathlib import Path
from PIL import Image
from dashboard.app import create_app
from dashboard.catalogue.models import Product
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.changing import added
from dashboard.files.lists import AttachedFile, Images
from dashboard.files.storing import store_upload
url, folder, key, _ = sys.argv[1:]
app = create_app(Settings(secret_key=key, database_url=url, instance=Path(folder)))
photo = io.BytesIO()
Image.effect_noise((900, 700), 50).save(photo, "JPEG")
while True:
    with app.app_context():
        photo.seek(0)
        file = store_upload(photo, "noise.jpg", Images("photos"), "products", 1)
        begin_write(db.session)
        product = db.session.query(Product).order_by(Product.id.desc()).first()
        now = (product.photos or ())[-50:]
        product.photos = added(now, [AttachedFile(file.key)], Images("photos", max=51))
        db.session.commit()
"""


def number_of(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.both_databases
def test_killed_uploads_leave_no_row_without_its_file(
    context: Flask, settings: Settings, pytestconfig: pytest.Config, set_clock: SetClock
) -> None:
    kills = 100 if pytestconfig.getoption("--kills") else 2
    product = a_product().id
    db.session.commit()
    for _ in range(kills):
        before, ends = number_of(FileUse), monotonic() + PATIENCE_SECONDS
        with working(settings, UPLOADING):
            while number_of(FileUse) == before and monotonic() < ends:
                sleep(0.01)
            sleep(random.uniform(0, 0.3))
    db.session.rollback()  # or SQLite would read what there was before the last wait
    rows = set(db.session.scalars(select(StoredFile.key)))
    stored = {each.name for each in files_store().names()}
    assert len(rows) >= kills
    assert {part_name(key, size) for key in rows for size in SIZES} <= stored
    assert {*keys_in(db.session.get_one(Product, product).photos)} <= rows
    assert not verify(db.session).faults

    set_clock(LATER)
    sweeper = Sweeper()
    while sweeper.step():
        pass

    kept = set(db.session.scalars(select(StoredFile.key)))
    assert kept == set(db.session.scalars(select(StoredFile.key).join(FileUse)))
    assert {each.name for each in files_store().names()} == {
        part_name(k, size) for k in kept for size in SIZES
    }
