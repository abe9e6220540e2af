from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text

from bench import ours
from bench.catalogue import CATEGORIES, products
from bench.peers import tables
from bench.writes import without_extras
from dashboard.catalogue.models import Category, Product
from dashboard.search.text import searchable

COUNT = 30


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'catalogue.sqlite3'}"


def test_ours_holds_the_catalogue_as_if_the_console_had_written_it(address: str) -> None:
    ours.fill(address, COUNT)
    engine = create_engine(address)
    with engine.connect() as connection:
        rows = connection.execute(select(*Product.__table__.columns)).all()
        names = connection.scalars(select(Category.name).order_by(Category.id)).all()
        found = connection.scalar(
            text("SELECT count(*) FROM product_search WHERE product_search MATCH 'bth'")
        )
    engine.dispose()
    first = next(products(COUNT))
    assert len(rows) == COUNT
    assert rows[0].price == first.price
    assert rows[0].created_at == first.created_at
    assert rows[0].search_text == searchable(first.sku, first.name)
    assert names == [*CATEGORIES]
    assert found == sum(row.sku.startswith("BTH") for row in products(COUNT))


def test_the_indexes_are_there_again_after_loading(address: str) -> None:
    tables.fill(address, COUNT)
    engine = create_engine(address)
    columns = {tuple(index["column_names"]) for index in inspect(engine).get_indexes("products")}
    engine.dispose()
    assert columns == {(column, "id") for column in tables.INDEXED}


def test_search_and_tallies_can_be_taken_out_for_the_comparison(address: str) -> None:
    ours.fill(address, COUNT)
    assert without_extras(address) > 0
    assert without_extras(address) == 0
