"""Counts: exact where that is cheap, 'about' where not, and never a plan that reads a million rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import event, insert, text, update
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Product
from dashboard.history.recording import PAST_LEDGER
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing
from dashboard.search.text import searchable
from unit.listing.engine import DAY, MANY, ROWS, page, row_plans, statements
from unit.listing.walking import page as page_of
from unit.listing.walking import pages

STATUS_CELL = 5


def counts(found: ListPage, name: str) -> dict[str, int | None]:
    facet = next(facet for facet in found.facets if facet.name == name)
    return {option.value: option.rows for option in facet.options}


@MANY
def test_what_the_database_keeps_is_exact_at_any_size(stock: Session, tallied: Listing) -> None:
    found = page(stock, tallied)
    assert (found.total, found.exact) == (ROWS, True)
    assert counts(found, "status") == {"draft": 60, "active": 480, "archived": 60}
    assert counts(found, "category") == {"1": 200, "none": 400}


@MANY
def test_an_option_counts_what_the_list_would_show_with_it(stock: Session, tallied: Listing) -> None:
    found = page(stock, tallied, status="draft")
    assert (found.total, found.exact) == (60, True)
    assert counts(found, "status") == {"draft": 60, "active": 480, "archived": 60}
    assert counts(found, "category") == {"1": 20, "none": 40}


def test_a_search_that_finds_few_counts_its_options_too(stock: Session, tallied: Listing) -> None:
    found = page(stock, tallied, q="lamp", category="1")
    assert (found.total, found.exact) == (100, True)
    assert sum(n or 0 for n in counts(found, "category").values()) == ROWS // 2
    assert counts(found, "category") == {"1": 100, "none": 200}
    assert counts(found, "status") == {"draft": 20, "active": 80, "archived": 0}


@pytest.mark.both_databases
@MANY
@pytest.mark.parametrize(
    ("query", "truth"),
    [({"q": "lamp"}, 300), ({"price_min": "200"}, 400), ({"q": "lamp", "status": "active"}, 240)],
)
def test_what_is_too_much_to_count_is_told_about(
    stock: Session, tallied: Listing, query: dict[str, str], truth: int
) -> None:
    found = page(stock, tallied, **query)
    assert not found.exact
    assert found.amount == f"about {found.total:,}"
    assert truth * 0.75 <= found.total <= truth * 1.25
    assert counts(found, "status") == {"draft": None, "active": None, "archived": None}


@pytest.mark.sqlite
@MANY
@pytest.mark.parametrize(("query", "total"), [("lamp", 300), ("0001", 0)])
def test_the_index_is_not_asked_for_a_word_that_plenty_of_rows_have(
    stock: Session, tallied: Listing, query: str, total: int
) -> None:
    stock.execute(text("INSERT INTO product_search (product_search) VALUES ('delete-all')"))
    assert total * 0.75 <= page(stock, tallied, q=query).total <= total * 1.25


@pytest.mark.both_databases
@MANY
@pytest.mark.parametrize(
    ("query", "place", "number"),
    [("sort=-price", "&page=31", ROWS), ("sort=name", "&page=31", ROWS), ("q=lamp", "", ROWS // 2)],
)
def test_keys_may_lie_far_apart(
    stock: Session, tallied: Listing, query: str, place: str, number: int
) -> None:
    stock.execute(
        update(Product).where(Product.id == ROWS).values(id=2_000_000_000), execution_options=PAST_LEDGER
    )
    order = [row.id for each in pages(stock, tallied, f"{query}&size=100") for row in each.rows]
    keys = [row.id for row in page_of(stock, tallied, f"{query}&size=10{place}").rows]
    start = order.index(keys[0])
    assert keys == order[start : start + 10]
    assert len(order) == len({*order}) == number


@pytest.mark.both_databases
@MANY
@pytest.mark.parametrize(
    ("query", "truth"),
    [({"q": "lamp", "price_max": "20"}, 10), ({"price_max": "20", "status": "active"}, 17)],
)
def test_few_among_many_are_counted_after_all(
    stock: Session, tallied: Listing, query: dict[str, str], truth: int
) -> None:
    found = page(stock, tallied, **query, size="100")
    assert found.exact
    assert found.total == len(found.rows) == truth


@MANY
@pytest.mark.parametrize("sort", ["name", "-price", "category", "-category"])
def test_the_middle_of_a_long_list_is_about_the_middle(stock: Session, tallied: Listing, sort: str) -> None:
    everything = [row.id for row in all_rows(stock, tallied, sort)]
    found = page(stock, tallied, sort=sort, size="10", page="30")
    assert (found.page_is_exact, len(found.rows)) == (False, 10)
    assert (found.page_words, found.place) == ("About page 30 of 60", "10 of 600")
    assert abs(everything.index(found.rows[0].id) - ROWS // 2) < ROWS * 0.1


def all_rows(session: Session, listing: Listing, sort: str) -> Iterator[Any]:
    found: ListPage = page(session, listing, sort=sort, size="100")
    while True:
        yield from found.rows
        if found.span.end is None or not found.span.after:
            return
        found = page(session, listing, sort=sort, size="100", after=found.span.end.token(found.state.column))


@MANY
@pytest.mark.parametrize(("number", "words"), [(2, "Page 2 of 60"), (59, "Page 59 of 60")])
def test_a_page_near_either_end_is_told_exactly(
    stock: Session, tallied: Listing, number: int, words: str
) -> None:
    everything = [row.id for row in all_rows(stock, tallied, "name")]
    found = page(stock, tallied, size="10", page=str(number))
    assert (found.page_is_exact, found.page, len(found.rows)) == (True, number, 10)
    assert [row.id for row in found.rows] == everything[number * 10 - 10 : number * 10]
    assert (found.page_words, found.place) == (words, f"{number * 10 - 9}\N{EN DASH}{number * 10} of 600")


@pytest.mark.parametrize("sort", ["name", "-name", "category"])
def test_the_row_whose_code_is_searched_for_comes_first(stock: Session, tallied: Listing, sort: str) -> None:
    stock.execute(
        insert(Product),
        [
            {
                "id": 1000,
                "sku": "lamp",
                "name": "ZZZ",
                "price": Decimal(1),
                "created_at": DAY,
                "updated_at": DAY,
            }
        ],
    )
    found = page(stock, tallied, q="Lamp", sort=sort)
    assert found.rows[0].id == 1000
    assert found.total == ROWS // 2 + 1
    keys = [row.id for each in pages(stock, tallied, f"q=Lamp&sort={sort}&size=100") for row in each.rows]
    assert keys.count(1000) == 1
    assert len(keys) == len({*keys}) == ROWS // 2 + 1


@pytest.mark.sqlite
@MANY
@pytest.mark.parametrize("sort", ["name", "-price", "stock", "-status", "category", "-category", "-created"])
@pytest.mark.parametrize("query", [{}, {"status": "active"}, {"q": "lamp"}, {"price_min": "100"}])
def test_a_page_among_many_rows_takes_as_much_work_anywhere_in_the_list(
    stock: Session, tallied: Listing, sort: str, query: dict[str, str]
) -> None:
    asked = {**query, "sort": sort, "size": "10"}
    page(stock, tallied, **asked)  # what SQLite finds out once
    work = []
    with counted_steps(stock) as steps:
        while True:
            before = len(steps)
            found = page(stock, tallied, **asked)
            work.append(len(steps) - before)
            if found.span.end is None or not found.span.after:
                break
            asked["after"] = found.span.end.token(found.state.column)
    # Passing over hundreds of rows, or sorting them, takes thousands of steps. The first page has no place.
    assert max(work[1:]) - min(work[1:]) < 2000, work


@contextmanager
def counted_steps(session: Session) -> Iterator[list[None]]:
    """Every instruction of SQLite's machine, which is how much work there is, however busy the machine."""
    steps: list[None] = []
    connection: Any = session.connection().connection.dbapi_connection
    connection.set_progress_handler(lambda: steps.append(None), 1)
    yield steps
    connection.set_progress_handler(None, 1)


def row_statements(session: Session, listing: Listing, **query: str) -> list[Any]:
    """Return the statement for the rows of a page, before it becomes SQL."""
    asked: list[Any] = []

    def note(_connection: Any, statement: Any, *_rest: Any) -> None:
        if "sorted_by" in statement.selected_columns:
            asked.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_execute", note)
    try:
        page(session, listing, **query)
    finally:
        event.remove(engine, "before_execute", note)
    return asked


@MANY
@pytest.mark.parametrize(
    "query",
    [{}, {"status": "draft"}, {"status": "draft", "category": "1"}, {"price_min": "5", "price_max": "500"}],
)
def test_the_statement_of_a_list_that_only_filters_narrow_is_made_once(
    stock: Session, tallied: Listing, query: dict[str, str]
) -> None:
    next_url = page(stock, tallied, **query, sort="name", size="10").next_url
    further_on = dict(parse_qsl(urlsplit(next_url or "").query))
    for each in (query, further_on):
        [first], [second] = (row_statements(stock, tallied, **each) for _ in range(2))
        assert first is second, each


@MANY
def test_each_value_of_a_filter_and_each_place_has_its_own_rows(stock: Session, tallied: Listing) -> None:
    for status, number in (("draft", 60), ("archived", 60), ("active", 480)):
        found = page(stock, tallied, status=status, sort="name", size="10")
        rows = [*found.rows]
        while found.next_url:
            found = page(stock, tallied, **dict(parse_qsl(urlsplit(found.next_url).query)))
            rows += found.rows
        titles = [row.title for row in rows]
        assert len(titles) == len({row.id for row in rows}) == number, status
        assert titles == sorted(titles)
        assert {row.values[STATUS_CELL] for row in rows} == {status}


@pytest.mark.sqlite
@MANY
@pytest.mark.parametrize("query", [{"sort": "category"}, {"sort": "category", "before": "end"}])
def test_rows_with_and_without_a_category_are_read_from_an_index(
    stock: Session, tallied: Listing, query: dict[str, str]
) -> None:
    plans = row_plans(stock, tallied, **query, size="10")
    assert "USING INDEX ix_products_category_id_id (category_id=?)" in plans.replace(
        "COVERING INDEX", "INDEX"
    )
    assert "SCAN products" not in plans


@pytest.mark.sqlite
def test_the_newest_of_a_status_are_found_in_the_index_alone(stock: Session) -> None:
    newest = "SELECT id FROM products WHERE +status = 'draft' ORDER BY created_at DESC, id DESC LIMIT 51"
    plan = stock.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {newest}").all()
    assert "COVERING INDEX ix_products_created_at_id_status" in plan[0][-1]


@pytest.mark.sqlite
def test_a_search_for_nothing_reads_nothing_but_the_index(stock: Session, tallied: Listing) -> None:
    assert stock.scalar(text("SELECT count(*) FROM product_search")) == ROWS
    with statements(stock, "") as asked:
        found = page(stock, tallied, q="xyzzy")
    assert (found.total, found.rows, found.exact) == (0, [], True)
    [(only, _)] = asked
    assert "product_search MATCH" in only


@pytest.mark.parametrize(
    ("words", "looks"), [("lamp", True), ("sku-00000120", False), ("lamp 000000120", False)]
)
def test_a_long_code_is_looked_up_without_looking_at_other_rows_first(
    stock: Session, tallied: Listing, words: str, looks: bool
) -> None:
    with statements(stock, "glance") as asked:
        page(stock, tallied, q=words)
    assert any("WITH RECURSIVE" in sql for sql, _ in asked) == looks


def test_a_code_that_most_rows_have_is_counted_all_the_same(stock: Session, tallied: Listing) -> None:
    stock.execute(update(Product).values(search_text=searchable("Lamp for FRAME-000120")))
    found = page(stock, tallied, q="frame-000120")
    assert (found.total, found.exact) == (ROWS, True)
    assert page(stock, tallied, q="frame-000121").total == 0
    assert page(stock, tallied, q="crate-000120").total == 0  # the index finds its last six digits
