"""The rows that a search has to find, whatever is stored and however it is written."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import scoped_session

from dashboard.testing.catalogue import a_product
from unit.search.searching import (
    ASKED,
    CATALOGUES,
    MANY_EXAMPLES_ONE_DATABASE,
    SCREENS,
    STORED,
    Find,
    add,
    fits,
    found_by,
    one_of_each,
)

pytestmark = pytest.mark.both_databases


@settings(max_examples=60, suppress_health_check=MANY_EXAMPLES_ONE_DATABASE)
@given(catalogue=CATALOGUES, queries=st.lists(ASKED, min_size=1, max_size=4), data=st.data())
def test_every_way_finds_what_has_all_the_words(
    session: scoped_session[Any],
    find: Find,
    catalogue: list[tuple[str, str]],
    queries: list[str],
    data: st.DataObject,
) -> None:
    session.rollback()
    rows = [(f"{number}{sku}", f"{number} {name}") for number, (sku, name) in enumerate(catalogue)]
    add(session, rows)
    for sku, name in rows:  # words of their own, or pieces of them
        start = data.draw(st.integers(0, len(name)))
        queries += [sku, name[start : start + data.draw(st.integers(1, 6))]]
    for query in queries:
        assert find(query) == [name for sku, name in rows if fits(query, sku, name)], query


@settings(max_examples=60, suppress_health_check=MANY_EXAMPLES_ONE_DATABASE)
@given(name=STORED)
def test_every_text_is_found_by_itself_and_by_each_of_its_words(
    session: scoped_session[Any], name: str
) -> None:
    session.rollback()
    records = one_of_each(name)
    session.flush()
    for screen, record in zip(SCREENS, records, strict=True):
        for query in (name, *name.split()):
            assert record.id in found_by(screen.listing, session, query), (screen, query)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Émile", "EMILE"),
        ("E\u0301mile", "\u00e9mile"),
        ("STRASSE", "straße"),
        ("straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ΟΔΟΣ", "οδος"),
        ("οδος", "ΟΔΟΣ"),
        ("ÅSA", "åsa"),
        ("Łódź", "lodz"),
        ("ЛАМПА", "лампа"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u062e\u0648"),
        ("soft\u00adware", "software"),
        ("x\ue000y", "x\ue000y"),
    ],
)
def test_every_list_finds_a_name_however_it_is_written(
    session: scoped_session[Any], name: str, query: str
) -> None:
    one_of_each("One that is called by another name")
    records = one_of_each(name)
    session.flush()
    for screen, record in zip(SCREENS, records, strict=True):
        assert found_by(screen.listing, session, query) == [record.id], screen


@pytest.mark.parametrize(
    "query",
    [
        "éclair",
        "ECLAIR",
        "ecl",
        "e\u0301clair",
        "cla",
        "é",
        "lair 50",
        "50%_",
        "0%_",
        "  eclair  ec-1 ",
        "EC-1",
    ],
)
def test_accents_case_and_signs(query: str, find: Find) -> None:
    for number, name in enumerate(("Éclair 50%_", "Bowl 50xx", "Plain\\"), 1):
        a_product(name, sku=f"{name[0]}C-{number}".replace("É", "E"))
    assert find(query) == ["Éclair 50%_"]


@pytest.mark.parametrize("sign", ["%%%", "_", '"', '""', "'", "*", "\\", "\\%", "^", "a:b", "(", "OR", "NOT"])
def test_signs_and_operators_are_ordinary(sign: str, find: Find) -> None:
    a_product("Plain axb, andor")
    a_product(f"With {sign} inside")
    expected = [f"With {sign} inside"]
    assert find(sign) == find(f"with {sign}") == expected


def test_a_short_word_begins_a_word(find: Find) -> None:
    a_product("Oak Lamp", sku="A-1")
    a_product("Soap", sku="B-1")
    assert find("oa") == find("o") == find("la") == ["Oak Lamp"]
    assert find("oap") == ["Soap"]


def test_a_word_is_not_looked_for_across_two(find: Find) -> None:
    a_product("Oak Lamp")
    assert find("kla") == []
    assert find("lamp oak") == ["Oak Lamp"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lmp-00000120", ["LMP-00000120"]),
        ("00000120", ["LMP-00000120"]),
        ("lmp-00000120 brass", []),
        ("000000120", []),
        ("lmp-00000121", []),
    ],
)
def test_a_long_code_is_found_whole_not_by_its_end_alone(query: str, found: list[str], find: Find) -> None:
    for name in ("LMP-00000120", "LMP-10000120", "LMP 000120", "lmp-0000012 0000120", "120 LMP-00000"):
        a_product(name)
    assert find(query) == found


@pytest.mark.parametrize("query", ["", " ", "\0", "\t\n", "\u0301"], ids=repr)
def test_nothing_asked_finds_everything(query: str, find: Find) -> None:
    a_product("Oak Lamp")
    a_product("Pine Box")
    assert find(query) == ["Oak Lamp", "Pine Box"]


@pytest.mark.parametrize("query", ["x" * 10_000, "oak " * 2_500, '"' * 10_000, "oak\0lamp", "🛋", "🛋️ oak"])
def test_odd_queries_are_answered(query: str, find: Find) -> None:
    a_product("🛋️ Oak Lamp")
    a_product("Pine Box")  # which has an x, but no word of ten thousand
    assert find(query) == (["🛋️ Oak Lamp"] if set(query) & {"o", "🛋"} else [])
