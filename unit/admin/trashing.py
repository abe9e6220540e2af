"""The trash for tests: its address, and the records in it and outside."""

from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.trash.models import Trashed

TRASH = "/admin/trash/"


def names(app: Flask, model: type[Product | Trashed]) -> list[str]:
    """The names of all products, or of all records in the trash."""
    with app.app_context():
        return list(db.session.scalars(select(Product.name if model is Product else Trashed.title)))
