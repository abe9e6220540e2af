"""What a search has to do on every database; each database's tests inherit it."""

# ruff: noqa: RUF001 - letters that look alike are what this is about

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, delete, insert, not_, or_, select, text
from sqlalchemy.orm import scoped_session

from dashboard.accounts.models import User
from dashboard.admin.screens.categories import CategoryView
from dashboard.admin.screens.products import ProductView
from dashboard.admin.screens.trash import TrashView
from dashboard.admin.screens.users import UserView
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.listing.state import Listing, clean_query
from dashboard.search.index import ColumnSearch, SearchIndex, TrigramIndex
from dashboard.search.text import fold, searchable
from unit.conftest import CountQueries
from unit.factories.catalogue import a_category, a_product, in_trash

INDEX = TrigramIndex(Product.id, Product.search_text, "product_search", exact=Product.sku_key)
COLUMNS = ColumnSearch(Product.search_text)
Find = Callable[..., list[str]]

# Few letters, so that they meet: with marks, in several cases, signs to LIKE or FTS5, blanks.
LETTERS = st.sampled_from("aAbBoOéÉſßİłĿ1９-_%\\\"'*^:()+.,;?#{}\u0301\u200d\u00a0 \t🛋漢한")
CODES = st.text("a0", min_size=3, max_size=5).map("{}000000".format)
WRITTEN = (
    CODES
    | st.text(LETTERS, max_size=9)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
)
ODD = "aZ\u00e9\u0130\u00df\u03c2\u200c\u200d\u00ad\u034f\u2066\ue000\u0378 \u3164\u4e00"
ANY = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
STORED = st.text(ANY, min_size=1, max_size=12) | st.text(st.sampled_from(ODD), min_size=1, max_size=12)
"""Of any characters, and of those that a search once took for blanks."""
SCREENS = (ProductView, CategoryView, TrashView, UserView)
ASKED = WRITTEN | st.sampled_from(["\0", "a\0b", "\ud800", "AND", "a OR b", "NEAR(a b)", "a" * 9_999])
CATALOGUES = st.lists(st.tuples(WRITTEN, WRITTEN), max_size=6)
MANY_EXAMPLES_ONE_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Any]]:
    """A session over an empty catalogue."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def find(session: scoped_session[Any]) -> Find:
    """`find(query)` names the products that fit, in order; both ways to find them have to agree."""

    def find(query: str, index: SearchIndex = INDEX) -> list[str]:
        words = index.words(query)
        matching, containing = (
            names(session, condition)
            for condition in (matching_by(index, session, words), index.containing(words))
        )
        assert matching == containing
        return matching

    return find


def matching_by(
    index: SearchIndex, session: scoped_session[Any], words: Sequence[str]
) -> ColumnElement[bool]:
    """Fits the products whose keys the index gives; those that contain the words where there is no index."""
    keys = index.keys(words, session.get_bind().dialect.name)
    return index.containing(words) if keys is None else Product.id.in_(keys)


def names(session: scoped_session[Any], condition: ColumnElement[bool]) -> list[str]:
    """The names of the products that fit a condition, in the order in which they were added."""
    return list(session.scalars(select(Product.name).where(condition).order_by(Product.id)))


def add(session: scoped_session[Any], rows: list[tuple[str, str]]) -> None:
    """Add products all at once, past their objects."""
    products = [{"sku": sku, "name": name, "price": Decimal(1)} for sku, name in rows]
    if products:
        session.execute(insert(Product), products)


def one_of_each(name: str) -> list[Any]:
    """A record of each kind that is called `name`."""
    person = User(email=f"{len(name)}@example.test", name=name, password_hash="")
    db.session.add(person)
    return [a_product(name), a_category(name), in_trash(name), person]


def found_by(listing: Listing, session: scoped_session[Any], query: str) -> list[int]:
    """The ids of what a list finds, in the way that judges each row by itself, and through the index."""
    words = listing.search.words(clean_query(query))
    keys = select(listing.key).where(listing.search.containing(words))
    indexed = listing.search.keys(words, session.get_bind().dialect.name)
    found = [*session.scalars(keys.order_by(listing.key))]
    assert indexed is None or {*session.scalars(indexed)} == {*found}
    return found


def fits(query: str, sku: str, name: str) -> bool:
    """Whether a product fits a query, word by word."""
    there = (fold(sku) + " " + fold(name)).split()
    asked = list(dict.fromkeys(fold(query).split()))[:8]
    return all(
        any(word.startswith(needle) if len(needle) < 3 else needle in word for word in there)
        for needle in asked
    )


class Searching:
    """The tests that each database has to pass."""

    @settings(max_examples=60, suppress_health_check=MANY_EXAMPLES_ONE_DATABASE)
    @given(catalogue=CATALOGUES, queries=st.lists(ASKED, min_size=1, max_size=4), data=st.data())
    def test_every_way_finds_what_has_all_the_words(
        self,
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
        self, session: scoped_session[Any], name: str
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
        self, session: scoped_session[Any], name: str, query: str
    ) -> None:
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
    def test_accents_case_and_signs(self, query: str, find: Find) -> None:
        for number, name in enumerate(("Éclair 50%_", "Bowl 50xx", "Plain\\"), 1):
            a_product(name, sku=f"{name[0]}C-{number}".replace("É", "E"))
        assert find(query) == ["Éclair 50%_"]

    @pytest.mark.parametrize(
        "sign", ["%%%", "_", '"', '""', "'", "*", "\\", "\\%", "^", "a:b", "(", "OR", "NOT"]
    )
    def test_signs_and_operators_are_ordinary(self, sign: str, find: Find) -> None:
        a_product("Plain axb, andor")
        a_product(f"With {sign} inside")
        expected = [f"With {sign} inside"]
        assert find(sign) == find(f"with {sign}") == expected

    def test_a_short_word_begins_a_word(self, find: Find) -> None:
        a_product("Oak Lamp", sku="A-1")
        a_product("Soap", sku="B-1")
        assert find("oa") == find("o") == find("la") == ["Oak Lamp"]
        assert find("oap") == ["Soap"]

    def test_a_word_is_not_looked_for_across_two(self, find: Find) -> None:
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
    def test_a_long_code_is_found_whole_not_by_its_end_alone(
        self, query: str, found: list[str], find: Find
    ) -> None:
        for name in ("LMP-00000120", "LMP-10000120", "LMP 000120", "lmp-0000012 0000120", "120 LMP-00000"):
            a_product(name)
        assert find(query) == found

    @pytest.mark.parametrize("query", ["", " ", "\0", "\t\n", "\u0301"], ids=repr)
    def test_nothing_asked_finds_everything(self, query: str, find: Find) -> None:
        a_product("Oak Lamp")
        assert find(query) == ["Oak Lamp"]

    @pytest.mark.parametrize("query", ["x" * 10_000, "oak " * 2_500, '"' * 10_000, "oak\0lamp", "🛋", "🛋️ oak"])
    def test_odd_queries_are_answered(self, query: str, find: Find) -> None:
        a_product("🛋️ Oak Lamp")
        assert find(query) == (["🛋️ Oak Lamp"] if set(query) & {"o", "🛋"} else [])

    def test_a_change_of_the_words_is_found_at_once(self, session: scoped_session[Any], find: Find) -> None:
        product = a_product("Oak Lamp", sku="LMP-1")
        product.name = "Ash Chair"
        session.flush()
        assert (find("oak"), find("ash"), find("lmp-1")) == ([], ["Ash Chair"], ["Ash Chair"])
        product.sku = "CHR-2"
        session.flush()
        assert (find("lmp"), find("chr-2 ash")) == ([], ["Ash Chair"])

    def test_a_change_of_something_else_leaves_the_words_alone(
        self, session: scoped_session[Any], find: Find
    ) -> None:
        product = a_product("Oak Lamp")
        session.expire(product)
        product.stock = 3
        session.flush()
        assert find("oak") == ["Oak Lamp"]
        assert "search_text" not in vars(product)

    def test_products_added_all_at_once_are_found(self, session: scoped_session[Any], find: Find) -> None:
        add(session, [(f"S-{number}", f"Lamp {number}") for number in range(30)])
        assert find("lamp s-17") == ["Lamp 17"]
        texts = session.execute(select(Product.sku, Product.name, Product.search_text))
        assert all(found == searchable(sku, name) for sku, name, found in texts)

    def test_objects_added_together_are_written_in_one_statement(
        self, session: scoped_session[Any], find: Find, count_queries: CountQueries
    ) -> None:
        products = [Product(sku=f"S-{9 - n}", name=f"Lamp {n}", price=Decimal(1)) for n in range(9)]
        session.add_all(products)
        with count_queries() as statements:
            session.flush()
        assert [each.split()[2] for each in statements] == ["products", "change_sets", "changes"]
        assert [session.get(Product, product.id) for product in products] == products
        assert find("s-1") == ["Lamp 8"]

    def test_a_deleted_product_is_not_found(self, session: scoped_session[Any], find: Find) -> None:
        for name in ("Oak Lamp", "Oak Chair", "Oak Table"):
            a_product(name)
        session.delete(session.scalars(select(Product).where(Product.name == "Oak Lamp")).one())
        session.flush()
        chairs = delete(Product).where(Product.name == "Oak Chair")
        session.execute(chairs, execution_options=PAST_LEDGER)
        assert find("oak") == ["Oak Table"]

    def test_what_is_rolled_back_was_never_there(self, session: scoped_session[Any], find: Find) -> None:
        product = a_product("Oak Lamp")
        session.commit()
        with session.begin_nested() as savepoint:
            product.name = "Ash Lamp"
            a_product("Ash Chair")
            session.flush()
            assert find("ash") == ["Ash Lamp", "Ash Chair"]
            savepoint.rollback()
        assert (find("ash"), find("oak")) == ([], ["Oak Lamp"])
        session.delete(product)
        session.flush()
        session.rollback()
        assert find("oak") == ["Oak Lamp"]

    def test_words_written_by_hand_are_found(self, session: scoped_session[Any], find: Find) -> None:
        for name in ("One", "Two", "Three"):
            a_product(name)
        session.execute(text("UPDATE products SET search_text = '  pine  ' WHERE name <> 'Two'"))
        assert (find("pine"), find("one"), find("two")) == (["One", "Three"], [], ["Two"])

    def test_the_conditions_can_be_combined(self, session: scoped_session[Any]) -> None:
        for name in ("Oak Lamp", "Oak Chair", "Pine Box"):
            a_product(name)
        for condition in (partial(matching_by, INDEX, session), INDEX.containing):
            oak_lamp, box = condition(INDEX.words("oak lamp")), condition(INDEX.words("box"))
            assert names(session, not_(oak_lamp)) == ["Oak Chair", "Pine Box"]
            assert names(session, or_(oak_lamp, box)) == ["Oak Lamp", "Pine Box"]
            assert names(session, not_(or_(oak_lamp, box))) == ["Oak Chair"]

    def test_the_keys_are_those_of_the_rows(self, session: scoped_session[Any]) -> None:
        products = [a_product(name) for name in ("Oak Lamp", "Oak Chair", "Pine Box")]
        dialect = session.get_bind().dialect.name
        found = session.scalars(INDEX.keys(INDEX.words("oak"), dialect)).all()
        assert sorted(found) == [product.id for product in products[:2]]
        assert len(session.scalars(INDEX.keys((), dialect)).all()) == 3
        assert COLUMNS.keys(("oak",), dialect) is None

    @pytest.mark.parametrize("query", ["LMP-1", "lmp-1", " Lmp-1\t", "lmp-1\0"])
    def test_a_code_is_found_in_any_letters(self, query: str, session: scoped_session[Any]) -> None:
        a_product("Lamp", sku="LMP-1")
        a_product("Lamp 10", sku="LMP-10")
        condition = INDEX.exactly(query)
        assert condition is not None
        assert names(session, condition) == ["Lamp"]

    @pytest.mark.parametrize("query", ["", " \0\n"], ids=repr)
    def test_nothing_asked_is_no_code(self, query: str) -> None:
        assert INDEX.exactly(query) is None

    def test_what_has_no_codes_finds_none(self) -> None:
        assert TrigramIndex(Product.id, Product.search_text, "product_search").exactly("LMP-1") is None
        assert COLUMNS.exactly("LMP-1") is None

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("OAK", ["Oak Lamp 50%"]),
            ("oak lmp", ["Oak Lamp 50%"]),
            ("lmp\0 0%", ["Oak Lamp 50%"]),
            ("éCLAIR", ["Éclair"]),
            ("a", ["Oak Lamp 50%", "Éclair"]),
            ("_", []),
            ("", ["Oak Lamp 50%", "Éclair"]),
        ],
    )
    def test_columns_are_searched_word_by_word(self, query: str, found: list[str], find: Find) -> None:
        a_product("Oak Lamp 50%", sku="LMP-1")
        a_product("Éclair", sku="CLR-2")
        assert find(query, COLUMNS) == found

    def test_where_there_is_no_column_to_search_nothing_is_found(self, find: Find) -> None:
        a_product("Oak Lamp")
        assert find("oak", ColumnSearch()) == []
