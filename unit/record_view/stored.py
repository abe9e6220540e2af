"""Addresses of the own records, and what is stored of them."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.extensions import db
from unit.admin.reading import record_form

SUPPLIERS, COUNTRIES = "/admin/own_suppliers", "/admin/own_countries"


def confirm(client: FlaskClient, address: str) -> Any:
    """The answer to a question that is confirmed."""
    return client.post(address, data=record_form(client.get(address).text))


def rows(app: Flask, model: type[Any]) -> list[dict[str, Any]]:
    """All rows of a table, as they are stored."""
    table: Any = model.__table__  # type: ignore[attr-defined]
    with app.app_context():
        found = db.session.execute(select(table).order_by(*table.primary_key)).mappings()
        return [dict(row) for row in found]
