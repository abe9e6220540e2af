"""Tables as plug-ins have them, under keys of several types, and their search with an index and without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, MetaData, Numeric, String, Text, Uuid, delete, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session

from dashboard.search.kind_index import KindIndex
from dashboard.search.kind_search import KindSearch, search_of
from dashboard.search.text_search import TextSearch


class Base(DeclarativeBase):
    """Tables that no migration knows."""

    metadata = MetaData()


class Described:
    """Columns that are searched, one of them called like a word of FTS5, one like a word of SQL."""

    name: Mapped[str | None] = mapped_column(Text)
    rank: Mapped[str | None] = mapped_column(String(200))
    order: Mapped[int | None] = mapped_column(BigInteger)
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))


class NumberPart(Described, Base):
    """Under a whole number."""

    __tablename__ = "group"
    key: Mapped[int] = mapped_column("number", BigInteger, primary_key=True, autoincrement=False)


class TextPart(Described, Base):
    """Under a text."""

    __tablename__ = "text_parts"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)


class UuidPart(Described, Base):
    """Under a UUID."""

    __tablename__ = "uuid_parts"
    key: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


MODELS = (NumberPart, TextPart, UuidPart)
SEARCHED = ("name", "rank", "order", "price")


def key_number(model: type[Any], number: int) -> Any:
    """The key of the row with a number."""
    if model is NumberPart:
        return number * 3_000_000_019 - 7
    return f"%_'{number}\"é" if model is TextPart else UUID(int=number)


def columns_of(model: type[Any], names: Sequence[str] = SEARCHED) -> list[Any]:
    """The attributes with these names."""
    return [getattr(model, name) for name in names]


def search_in(model: type[Any], names: Sequence[str] = SEARCHED) -> KindSearch:
    """The search of a table, as its screen has it."""
    found = search_of(model, model.key, columns_of(model, names))
    assert isinstance(found, KindSearch)
    return found


def made(session: scoped_session[Any], model: type[Any], names: Sequence[str] = SEARCHED) -> KindSearch:
    """The search of a table whose index is made."""
    search = search_in(model, names)
    run(session, creating(session, search.made))
    return search


def creating(session: scoped_session[Any], index: KindIndex) -> list[str]:
    """The statements that make an index."""
    return index.postgresql if session.get_bind().dialect.name == "postgresql" else index.sqlite


def dropping(session: scoped_session[Any], index: KindIndex) -> list[str]:
    """The statements that drop an index."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return index.postgresql_drop if is_postgresql else index.sqlite_drop


def run(session: scoped_session[Any], statements: Iterable[str]) -> None:
    """Run statements as they are."""
    for statement in statements:
        session.connection().exec_driver_sql(statement)


def fill(
    session: scoped_session[Any], model: type[Any], rows: Iterable[tuple[str | None, str | None]]
) -> None:
    """Replace the rows of a table by some with these names and ranks, as another program would."""
    connection = session.connection()
    connection.execute(delete(model.__table__))
    key = model.__table__.primary_key.columns[0].name
    values = [
        {key: key_number(model, number), "name": name, "rank": rank, "order": 1_000 * number, "price": number}
        for number, (name, rank) in enumerate(rows, 1)
    ]
    if values:
        connection.execute(insert(model.__table__), values)


def found(session: scoped_session[Any], search: TextSearch, model: type[Any], query: str) -> list[Any]:
    """The keys of the rows that a search finds, by its index where it can be asked."""
    words = search.words(query)
    keys = search.keys(words, session.get_bind().dialect.name) if words else None
    if keys is None:
        keys = select(model.key).where(search.containing(words))
    return sorted(session.scalars(keys))


def without(search: KindSearch) -> TextSearch:
    """The same search where there is no index."""
    return TextSearch(search.searched)


def count_in(session: scoped_session[Any], query: str) -> int:
    """The first number of a query."""
    return int(session.connection().execute(text(query)).scalar_one())
