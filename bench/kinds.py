"""`python -m bench.kinds`: lists of a plug-in's table beside that of products, over the same rows.

One table has a search index, as ``dashboard db index`` adds it, and one is without.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

from flask import Flask
from sqlalchemy import ForeignKey, Index, String, Text, create_engine, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

from bench import report
from bench.__main__ import working_folder
from bench.bars import Bar
from bench.catalogue import COMMON_WORD, NO_WORD, ordinary_sku
from bench.console import Console, wsgi
from bench.consoles import OURS, STOCK
from bench.databases import opened
from bench.loading import SETTLE
from bench.loading import run as carry_out
from bench.measure import Place, working
from bench.ours import session_cookie
from bench.pages import COMMON, LIST, NOTHING, ONE, PAGE_SIZE, SORT
from bench.processor import one_processor
from bench.run import database_name, load, say
from dashboard.app import create_app
from dashboard.catalogue.models import Category
from dashboard.config import Settings
from dashboard.database.types import Money, UTCDateTime
from dashboard.extensions import db
from dashboard.records import RecordView
from dashboard.search.kind_index import index_of
from dashboard.testing.statements import counted

SHARE, QUERIES = 1.5, 6
"""The most times the products' page that an indexed table's may take, and the most statements of one."""
TRIES = 3
INDEXED, PLAIN = "bench_parts", "bench_plain_parts"
ASKED = (LIST, SORT, COMMON, ONE, NOTHING)
COLUMNS = "id, sku, name, price, currency, stock, status, category_id, created_at"


class Base(DeclarativeBase):
    """The base of both tables, which refer to categories."""

    metadata = db.metadata


class Part:
    """The columns of a product that a list shows, searches and sorts by."""

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    stock: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @declared_attr
    def category(cls) -> Mapped[Category]:  # noqa: N805 - SQLAlchemy's own idiom
        """The category."""
        return relationship(Category)


class IndexedPart(Part, Base):
    """Those with a search index."""

    __tablename__ = INDEXED
    __table_args__ = (Index("ix_parts_created", "created_at", "id"), Index("ix_parts_name", "name", "id"))


class PlainPart(Part, Base):
    """Those without."""

    __tablename__ = PLAIN
    __table_args__ = (Index("ix_plain_created", "created_at", "id"), Index("ix_plain_name", "name", "id"))


class PartView(RecordView):
    """A list like that of products."""

    page_size = PAGE_SIZE
    column_list = ("name", "sku", "category", "price", "stock", "status", "created_at")
    column_searchable_list = ("name", "sku")
    column_filters = ("category", "stock", "price", "created_at")
    column_default_sort = ("created_at", True)


def plugin() -> ModuleType:
    """The plug-in with both tables."""
    module = ModuleType("bench_plugin")

    def register(console: Any) -> None:
        console.add(PartView(IndexedPart, name="Parts", endpoint=INDEXED))
        console.add(PartView(PlainPart, name="Plain parts", endpoint=PLAIN))

    module.register = register  # type: ignore[attr-defined]
    return module


def fill(database_url: str) -> None:
    """Copy the products of a database into both tables, unless they are there, and index one of them."""
    engine = create_engine(database_url)
    if not inspect(engine).has_table(PLAIN):
        Base.metadata.create_all(engine, [IndexedPart.__table__, PlainPart.__table__])
        made = index_of(IndexedPart, [IndexedPart.name, IndexedPart.sku])
        with engine.begin() as connection:
            for table in (INDEXED, PLAIN):
                copy = f"INSERT INTO {table} ({COLUMNS}) SELECT {COLUMNS} FROM products"
                connection.exec_driver_sql(copy)
            for statement in made.sqlite if engine.dialect.name == "sqlite" else made.postgresql:
                connection.exec_driver_sql(statement)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            carry_out(connection, SETTLE)
    engine.dispose()


def console(app: Flask, endpoint: str, count: int) -> Console:
    """A list of the console under measurement."""
    with app.app_context():
        logged_in = {"Cookie": session_cookie(app)}
    start = f"/admin/{endpoint}/?size={PAGE_SIZE}"
    searches = {COMMON: COMMON_WORD, ONE: ordinary_sku(count), NOTHING: NO_WORD}
    paths = {LIST: start, SORT: f"{start}&sort=name", **{p: f"{start}&q={q}" for p, q in searches.items()}}
    return wsgi(app, paths, logged_in)


def measured(asked: Mapping[str, Console], rounds: int) -> dict[str, dict[str, float]]:
    """The median milliseconds of each page of each list, asked in turn."""
    taken: dict[str, dict[str, list[float]]] = {name: {page: [] for page in ASKED} for name in asked}
    for number in range(rounds + 1):
        for page in ASKED:
            for name, each in asked.items():
                seconds = each.seconds(page)
                if number:  # the first one warms up
                    taken[name][page].append(seconds * 1000)
    return {name: {page: median(each) for page, each in pages.items()} for name, pages in taken.items()}


def stock(database_url: str, count: int, rounds: int) -> dict[str, float]:
    """The median milliseconds of each page of stock Flask-Admin over the same rows."""
    load({STOCK: database_url}, count)
    with working({Place(count, STOCK): database_url}) as [worker]:
        for page in ASKED:
            worker.do("look", page=page)
        times = {page: [s for _ in range(rounds) for s in worker.do("burst", page=page)] for page in ASKED}
    return {page: median(each) * 1000 for page, each in times.items()}


def statements(asked: Console) -> int:
    """The most statements that a page takes, but for those sent now and then."""
    return max(min(statements_once(asked, page) for _ in range(TRIES)) for page in ASKED)


def statements_once(asked: Console, page: str) -> int:
    """The statements of one answer."""
    with counted() as taken:
        asked.look(page)
    return len(taken)


def bars(found: Mapping[str, Mapping[str, float]], most: Mapping[str, int]) -> Iterator[Bar]:
    """The bars of a run."""
    for page in ASKED:
        ratio = found[INDEXED][page] / found["products"][page]
        yield Bar(f"{page}, a table with an index / products", ratio, SHARE)
    for page in ASKED:
        yield Bar(f"{page}, without an index / stock Flask-Admin", found[PLAIN][page] / found[STOCK][page], 1)
    for name, number in most.items():
        yield Bar(f"statements of a page: {name}", number, QUERIES)


def ask(database_url: str, peers_url: str, count: int, rounds: int) -> None:
    """Measure the lists over a database and print their times and the bars."""
    with tempfile.TemporaryDirectory(prefix="bench-instance-") as instance, one_processor():
        settings = Settings(
            secret_key=secrets.token_hex(32), database_url=database_url, instance=Path(instance)
        )
        app = create_app(settings, [plugin()])
        lists = {name: console(app, name, count) for name in ("products", INDEXED, PLAIN)}
        found = {**measured(lists, rounds), STOCK: stock(peers_url, count, rounds)}
        rows = [[f"{count:,}", name, *(f"{pages[p]:.1f}" for p in ASKED)] for name, pages in found.items()]
        print(report.aligned([["rows", "list", *ASKED], *rows]), flush=True)
        for bar in bars(found, {name: statements(each) for name, each in lists.items()}):
            print(bar, flush=True)


def main(arguments: Sequence[str]) -> None:
    """Read the options, load, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.kinds", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of each table")
    parser.add_argument("--rounds", type=int, default=15, help="how often each page is asked for")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path, help="keep the databases here and use those that are here")
    options = parser.parse_args(arguments)
    print(report.machine(), flush=True)
    with working_folder(options.folder) as folder:
        for kind in options.databases:
            with opened(kind, folder) as databases:
                ours, peers = (databases.url(database_name(name, options.rows)) for name in (OURS, STOCK))
                load({OURS: ours}, options.rows)
                fill(ours)
                say("asking for lists")
                print(databases.version(), flush=True)
                ask(ours, peers, options.rows, options.rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
