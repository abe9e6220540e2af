"""Whether a database has the search index of a kind, and what makes it unfit."""

from typing import Any

import pytest
from sqlalchemy import Column, Date, Enum, Float, Integer, MetaData, Table, Text
from sqlalchemy.orm import registry, scoped_session

from dashboard.search.kind_index import LONGEST_NAME, KindIndex, bounded, index_of
from dashboard.search.kind_state import State, state_of
from unit.search.kinds import (
    MODELS,
    SEARCHED,
    Base,
    NumberPart,
    TextPart,
    columns_of,
    count_in,
    creating,
    dropping,
    fill,
    found,
    key_number,
    run,
    search_in,
)

EVERY_MODEL = pytest.mark.parametrize("model", MODELS)


@pytest.fixture
def tables(session: scoped_session[Any]) -> scoped_session[Any]:
    """A session over tables that are gone after the test."""
    Base.metadata.create_all(session.connection())
    return session


def state(session: scoped_session[Any], model: type[Any], *names: str) -> State:
    """The state of the index of a table, whose columns are searched."""
    return state_of(index_of(model, columns_of(model, names or SEARCHED)), session.connection())


@pytest.mark.both_databases
@EVERY_MODEL
def test_index_is_ready_once_made_and_gone_once_dropped(
    tables: scoped_session[Any], model: type[Any]
) -> None:
    index = search_in(model).made
    assert state(tables, model) is State.MISSING
    run(tables, creating(tables, index))
    assert state(tables, model) is State.READY
    run(tables, dropping(tables, index))
    assert state(tables, model) is State.MISSING


@pytest.mark.both_databases
@EVERY_MODEL
def test_index_serves_fewer_columns_in_any_order_but_not_more(
    tables: scoped_session[Any], model: type[Any]
) -> None:
    run(tables, creating(tables, search_in(model, ("rank", "name")).made))
    assert state(tables, model, "name", "rank") is state(tables, model, "name") is State.READY
    assert state(tables, model, "name", "order") is State.BEHIND


@pytest.mark.sqlite
@EVERY_MODEL
@pytest.mark.parametrize("moment", ["insert", "update", "delete"])
def test_index_without_one_of_its_triggers_is_behind(
    tables: scoped_session[Any], model: type[Any], moment: str
) -> None:
    search = search_in(model)
    run(tables, search.made.sqlite)
    fill(tables, model, [("oak", None)])
    run(tables, [f'DROP TRIGGER "search_of_{model.__tablename__}_{moment}"'])
    assert state(tables, model) is State.BEHIND
    assert found(tables, search, model, "oak") == [key_number(model, 1)]
    assert search.found(["oak"]) is None


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ["TABLE {} (id INTEGER)", "VIEW {} AS SELECT 1"])
def test_table_of_another_purpose_is_no_index(tables: scoped_session[Any], kind: str) -> None:
    run(tables, [f"CREATE {kind.format('search_of_text_parts')}"])
    assert state(tables, TextPart) is State.TAKEN


@pytest.mark.sqlite
def test_index_that_is_dropped_while_the_console_runs_is_not_asked(tables: scoped_session[Any]) -> None:
    search = search_in(NumberPart)
    run(tables, search.made.sqlite)
    assert search.found(["oak"]) is not None
    run(tables, search.made.sqlite_drop)
    assert search.found(["oak"]) is None


@pytest.mark.sqlite
@EVERY_MODEL
def test_emptied_table_leaves_nothing_in_its_index(tables: scoped_session[Any], model: type[Any]) -> None:
    run(tables, search_in(model).made.sqlite)
    fill(tables, model, [("oak", "x"), ("elm", None), (None, "fir")])
    fill(tables, model, [])
    name = f"search_of_{model.__tablename__}"
    run(tables, [f'INSERT INTO "{name}" ("{name}") VALUES (\'integrity-check\')'])
    assert count_in(tables, f'SELECT count(*) FROM "{name}" WHERE "{name}" MATCH \'"oak"\'') == 0
    if model is not NumberPart:
        assert count_in(tables, f"SELECT count(*) FROM {name}_keys") == 0


@pytest.mark.parametrize("kind", [Date(), Float(), Enum("a", "b", name="ab")])
def test_values_that_depend_on_more_than_themselves_are_not_indexed(kind: Any) -> None:
    with pytest.raises(ValueError, match=r"^The column made of things is searched, and no index has values"):
        index_of(thing := mapped(Column("made", kind)), [thing.made])


def test_key_of_several_columns_has_no_index() -> None:
    thing = mapped(Column("part", Integer, primary_key=True), Column("name", Text))
    with pytest.raises(ValueError, match=r"^things has a key of several columns"):
        index_of(thing, [thing.name])


def mapped(*columns: Column[Any]) -> Any:
    """A class with these columns."""

    class Thing:
        pass

    registry().map_imperatively(
        Thing, Table("things", MetaData(), Column("id", Integer, primary_key=True), *columns)
    )
    return Thing


def test_long_names_of_tables_have_names_of_indexes_that_differ() -> None:
    names = {bounded(f"search_of_{'long' * 14}{end}") for end in ("a", "b", "é")}
    assert len(names) == 3
    assert {len(name.encode()) <= LONGEST_NAME for name in names} == {True}


def test_table_in_a_schema_is_indexed_on_postgresql_alone() -> None:
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("n", Text), schema="s")
    index = KindIndex(table, table.c.id, (table.c.n,))
    assert index.sqlite == index.sqlite_drop == []
    assert index.postgresql == ['CREATE INDEX "search_of_t" ON "s"."t" USING gin ("n" gin_trgm_ops)']
    assert index.postgresql_drop == ['DROP INDEX IF EXISTS "s"."search_of_t"']
