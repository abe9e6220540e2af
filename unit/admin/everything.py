"""The offer to select everything of a list, and the question about it."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from unit.admin.reading import Element, flashes, read, record_form
from unit.conftest import Submit

ACTION = "/admin/products/action/"


def offer(page: str) -> Element | None:
    """The checkbox that selects everything of a list; None where it is not offered."""
    return next(iter(read(page).all("input", name="matching")), None)


def question(client: FlaskClient, submit: Submit, action: str, query: str, screen: str = "products") -> Any:
    """The form of the question before an action on everything of a list."""
    return record_form(submit(client, f"/admin/{screen}/action/", action=action, matching=query).text)


def told(client: FlaskClient, screen: str = "products") -> list[tuple[str, str]]:
    return flashes(client.get(f"/admin/{screen}/").text)


def versions(app: Flask) -> dict[str, int]:
    with app.app_context():
        return dict(db.session.execute(select(Product.name, Product.version)).all())


def statuses(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {
            name: status.value for name, status in db.session.execute(select(Product.name, Product.status))
        }
