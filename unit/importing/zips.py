"""ZIPs with a table and pictures, as people and programs pack them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.files.lists import Attached, keys_in
from dashboard.files.models import FileUse, StoredFile
from unit.files.photos import picture

RED, BLUE, GREEN = (picture(colour) for colour in ("red", "blue", "green"))
PHOTOS = {"photos/red.png": RED, "photos/blue.png": BLUE}
TABLE = "sku,name,price,photos\nLMP-1,Oak Lamp,12.50,photos/red.png; blue.png\nLMP-2,Elm Lamp,7,\n"


def packed(
    table: str | bytes = TABLE, files: Mapping[str, bytes] = PHOTOS, name: str = "products.csv"
) -> bytes:
    """A ZIP with a table and these files."""
    content = table.encode() if isinstance(table, str) else table
    return zipped({name: content, **files})


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """A ZIP with these entries and nothing else."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def photos_of(app: Flask, sku: str = "LMP-1") -> Attached:
    """The photos of a product in the database."""
    with app.app_context():
        return db.session.scalar(select(Product.photos).where(Product.sku == sku)) or ()


def names_of(app: Flask, listed: Attached) -> list[str]:
    """The names under which the files of a list were uploaded."""
    with app.app_context():
        its = select(StoredFile.key, StoredFile.name).where(StoredFile.key.in_(keys_in(listed)))
        names = {row.key: row.name for row in db.session.execute(its)}
        return [names[key] for key in keys_in(listed)]


def stored_number(app: Flask) -> int:
    """How many files are stored."""
    with app.app_context():
        return db.session.query(StoredFile).count()


def used_number(app: Flask) -> int:
    """How many files a record has or had."""
    with app.app_context():
        return db.session.query(FileUse.file_id).distinct().count()
