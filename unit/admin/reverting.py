"""The lamp and its changes, for tests that revert them."""

from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.models import Change

REVERT = "/admin/revert/"

LIST = "/admin/history/"


def the_lamp() -> Product:
    return db.session.get_one(Product, 1)


def first_change(app: Flask, change_set: int) -> int:
    with app.app_context():
        return db.session.scalars(select(Change.id).where(Change.change_set_id == change_set)).first() or 0


def its_creation(app: Flask) -> int:
    """The change set that created the lamp."""
    with app.app_context():
        its = Change.record_kind == "products"
        return db.session.scalars(select(Change.change_set_id).where(its).order_by(Change.id)).first() or 0


def lamp_now(app: Flask) -> tuple[str, Decimal, int]:
    with app.app_context():
        return the_lamp().name, the_lamp().price, the_lamp().version
