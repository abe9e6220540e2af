"""The search of a plug-in's table: the same rows with its index and without, whoever writes them."""

# ruff: noqa: RUF001 - letters that look alike are what this is about

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update
from sqlalchemy.orm import scoped_session

from dashboard.search.kind_search import KindSearch, is_looked_up, phrases
from unit.search.kinds import (
    MODELS,
    Base,
    NumberPart,
    TextPart,
    UuidPart,
    fill,
    found,
    key_number,
    made,
    search_in,
    without,
)
from unit.search.searching import LETTERS, MANY_EXAMPLES_ONE_DATABASE, ODD

EVERY_MODEL = pytest.mark.parametrize("model", MODELS)
CORPUS = [
    ("100% wool_blend", "a"),
    ("100 wool blend", None),
    ("12\" O'Neill", "B"),
    ("Läger Café", "ÉCLAIR"),
    ("LAGER cafe", "éclair"),
    ("Straße", "STRASSE"),
    ("TAXİ", "i̇stanbul"),
    ("ΟΔΟΣ", "οδος"),
    ("back\\slash", "AND OR NOT"),
    ("TEX-00357142", "tex-00357143"),
    (None, None),
    ("漢字かな", "🛋️🛋️🛋️"),
    ("two\nlines", " padded "),
]
QUERIES = [
    *(
        "%",
        "_",
        "100%",
        "wool_",
        "l_b",
        "'",
        '"',
        '12"',
        "O'N",
        "é",
        "É",
        "caf",
        "café",
        "CAFÉ",
        "läg",
        "LÄG",
    ),
    *("straße", "STRASSE", "ss", "taxi", "TAXI", "xi", "i̇stan", "istan", "οδος", "ΟΔΟΣ", "δος", "\\", "k\\s"),
    *("and", "or not", "tex-00357142", "00357142", "357142", "b", "a b", "oneill", "漢字", "漢字か", "🛋️🛋️"),
    *("two lines", "padded", "11000", "7.00", "NEAR(a b)", "* OR *", "zzz", "wool zzz", "wo 10"),
]
WORDS = st.text(LETTERS | st.sampled_from(ODD + "iIσΣςkKÅ"), max_size=8)


@pytest.fixture
def tables(session: scoped_session[Any]) -> Iterator[scoped_session[Any]]:
    """A session over the tables, which are gone after the test."""
    Base.metadata.create_all(session.connection())
    yield session
    session.rollback()


@pytest.fixture(params=MODELS, ids=lambda model: model.__name__)
def indexed(tables: scoped_session[Any], request: pytest.FixtureRequest) -> tuple[type[Any], KindSearch]:
    """A table, and the search in it by its index."""
    return request.param, made(tables, request.param)


@pytest.mark.both_databases
@EVERY_MODEL
def test_corpus_is_found_the_same_with_an_index(tables: scoped_session[Any], model: type[Any]) -> None:
    search = made(tables, model)
    fill(tables, model, CORPUS)
    for query in QUERIES:
        assert found(tables, search, model, query) == found(tables, without(search), model, query), query
    assert found(tables, search, model, "wool") == sorted(key_number(model, number) for number in (1, 2))


@pytest.mark.both_databases
@settings(max_examples=40, suppress_health_check=MANY_EXAMPLES_ONE_DATABASE, deadline=None)
@given(rows=st.lists(st.tuples(WORDS | st.none(), WORDS), max_size=5), data=st.data())
def test_any_text_is_found_the_same_with_an_index(
    tables: scoped_session[Any], indexed: tuple[type[Any], KindSearch], rows: Any, data: st.DataObject
) -> None:
    model, search = indexed
    fill(tables, model, rows)
    written = "  ".join(text for row in rows for text in row if text)
    start = data.draw(st.integers(0, len(written)))
    asked = [data.draw(WORDS), written[start : start + data.draw(st.integers(1, 7))], written[:150]]
    for query in (each + more for each in asked for more in ("", " 000")):
        assert found(tables, search, model, query) == found(tables, without(search), model, query), query


@pytest.mark.both_databases
@EVERY_MODEL
def test_index_follows_writes_of_other_programs(tables: scoped_session[Any], model: type[Any]) -> None:
    fill(tables, model, [("oak lamp", "before"), ("elm tray", "before")])
    search, table = made(tables, model), model.__table__
    key = table.primary_key.columns[0]
    first, second, moved = (key_number(model, number) for number in (1, 2, 9))
    assert found(tables, search, model, "lamp") == [first]
    tables.connection().execute(update(table).where(key == first).values(name="ash lamp", rank=None))
    assert found(tables, search, model, "oak") == found(tables, search, model, "before oak") == []
    assert found(tables, search, model, "ash lamp") == [first]
    tables.connection().execute(update(table).where(key == first).values({key.name: moved}))
    assert found(tables, search, model, "ash lamp") == [moved]
    tables.connection().execute(delete(table).where(key == second))
    assert found(tables, search, model, "tray") == []


@pytest.mark.sqlite
@EVERY_MODEL
def test_index_follows_rows_that_replace_others(tables: scoped_session[Any], model: type[Any]) -> None:
    search = made(tables, model)
    fill(tables, model, [("oak lamp", "x"), ("elm tray", "y")])
    name = f'"{model.__tablename__}"'
    key = model.__table__.primary_key.columns[0].name
    copied = (
        f'INSERT OR REPLACE INTO {name} ("{key}", name, rank) SELECT "{key}", \'fir hook\', rank FROM {name}'
    )
    tables.connection().execute(text(f"{copied} WHERE rank = 'x'"))
    assert found(tables, search, model, "lamp") == []
    assert found(tables, search, model, "hook") == [key_number(model, 1)]
    tables.connection().execute(text(f"DELETE FROM {name}"))
    fill(tables, model, [("yew rack", "x")])
    assert found(tables, search, model, "hook") == []
    assert found(tables, search, model, "rack") == [key_number(model, 1)]


@pytest.mark.sqlite
@pytest.mark.parametrize("model", [TextPart, UuidPart])
def test_index_of_texts_survives_a_vacuum(app: Any, model: type[Any]) -> None:
    from dashboard.extensions import db

    with app.app_context():
        Base.metadata.create_all(db.engine)
        search = made(db.session, model)
        fill(db.session, model, [(f"row {number}", None) for number in range(1, 60)])
        table = model.__tablename__
        db.session.execute(text(f"DELETE FROM {table} WHERE name LIKE '%5%'"))
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.driver_connection.execute("VACUUM")
        assert found(db.session, search, model, "row 42") == [key_number(model, 42)]


@pytest.mark.sqlite
@EVERY_MODEL
def test_sqlite_looks_words_up_in_the_index(tables: scoped_session[Any], model: type[Any]) -> None:
    search = made(tables, model)
    fill(tables, model, CORPUS)
    keys = search.keys(search.words("wool 10"), "sqlite")
    assert keys is not None
    plan = explained(tables, keys)
    assert f"search_of_{model.__tablename__} VIRTUAL TABLE INDEX" in plan
    assert f"SCAN {model.__tablename__}\n" not in plan


def explained(session: scoped_session[Any], statement: Any) -> str:
    """How SQLite carries out a statement."""
    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
    return "".join(f"{row[3]}\n" for row in rows)


@pytest.mark.postgresql
@EVERY_MODEL
def test_postgresql_can_look_words_up_in_the_index(tables: scoped_session[Any], model: type[Any]) -> None:
    search = made(tables, model)
    tables.execute(text("SET LOCAL enable_seqscan = off"))
    tables.execute(text("SET LOCAL enable_indexscan = off"))
    keys = search.keys(search.words("Café 100"), "postgresql")
    assert keys is not None
    compiled = keys.compile(tables.get_bind(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(tables.connection().exec_driver_sql(f"EXPLAIN {compiled}").scalars())
    assert f"Bitmap Index Scan on search_of_{model.__tablename__}" in plan


@pytest.mark.both_databases
@pytest.mark.parametrize("query", ["o", "ab", "a b cd", ""])
def test_short_words_alone_are_looked_for_in_the_rows(tables: scoped_session[Any], query: str) -> None:
    search = made(tables, NumberPart)
    assert search.keys(search.words(query), tables.get_bind().dialect.name) is None


@pytest.mark.both_databases
def test_table_without_an_index_is_searched_all_the_same(tables: scoped_session[Any]) -> None:
    search = search_in(NumberPart)
    fill(tables, NumberPart, CORPUS)
    assert search.found(search.words("wool")) is None
    assert found(tables, search, NumberPart, "wool") == [key_number(NumberPart, 1), key_number(NumberPart, 2)]


@pytest.mark.parametrize(
    ("word", "is_known"),
    [
        ("oak", True),
        ("ok", False),
        ("café", True),
        ("漢字か", True),
        ("ꭰꭱꭲ", False),
        ("i̇st", False),
        ("ԩaa", False),
    ],
)
def test_words_that_fts5_folds_otherwise_are_not_looked_up(word: str, is_known: bool) -> None:
    assert is_looked_up(word) is is_known


def test_codes_are_looked_up_by_their_last_digits() -> None:
    assert phrases(["tex-00357142", "ok", 'o"ak']) == '("357" AND "142") AND ("o""ak")'
    assert phrases(["taxi"]) == '("taxi" OR "taxİ")'
