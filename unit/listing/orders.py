"""Rows in the order of a database, without pages."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session


def in_order(session: Session, model: type[Any], sort: str) -> list[Any]:
    """The keys of all rows as the database orders them; rows without a value come last either way."""
    name = sort.removeprefix("-")
    columns = [model.key] if name == "row_key" else [getattr(model, name), model.key]
    directed = [each.desc() if sort.startswith("-") else each.asc() for each in columns]
    return [*session.scalars(select(model.key).order_by(columns[0].is_(None), *directed))]
