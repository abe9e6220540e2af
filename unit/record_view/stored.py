"""Addresses of the own records, and what is stored of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard.extensions import db
from unit.admin.reading import read, record_form
from unit.record_view.kinds import Country, Supplier

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


def with_suppliers(app: Flask, suppliers: Iterable[Mapping[str, Any]]) -> Flask:
    """A console with these suppliers, which may be in Germany, ``de``."""
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add_all([Supplier(**row) for row in suppliers])
        db.session.commit()
    return app


def change_elsewhere(app: Flask, model: type[Any], **values: Any) -> None:
    """Change all rows of a table as another program would."""
    with app.app_context():
        db.session.connection().execute(update(model.__table__).values(**values))  # type: ignore[attr-defined]
        db.session.commit()


def cell_of(client: FlaskClient, address: str, field: str, value: str) -> dict[str, str]:
    """The fields that a browser sends for a cell of the record with the number 1."""
    page = read(client.get(f"{address}/").text)
    return {
        "id": "1",
        "version": page.all("table")[0].attributes["data-versions"],
        "csrf_token": page.fields["csrf_token"],
        "field": field,
        "value": value,
    }
