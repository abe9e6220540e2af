"""Exports: a file that every reader understands and no spreadsheet runs."""

import csv
import io
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Category, Product
from dashboard.listing.columns import Column
from dashboard.listing.export import csv_lines
from dashboard.listing.state import Listing, read_state
from dashboard.sheets.csv_text import csv_value, in_pieces

DAY = datetime(2026, 3, 31, 8, 30, 59, 123456, tzinfo=UTC)
BEGINNINGS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20"]


def add(session: Session, *names: str) -> None:
    moments = {"created_at": DAY, "updated_at": DAY}
    rows = [
        {"sku": f"S{n:06}", "name": name, "price": Decimal("1.5"), **moments} for n, name in enumerate(names)
    ]
    session.execute(insert(Product), rows)


def lines(session: Session, listing: Listing, **query: str) -> list[str]:
    return list(csv_lines(session, listing, read_state(listing, MultiDict(query))))


@pytest.mark.security(69)
@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("spaces", ["", "  ", "'", "'' "])
def test_text_that_a_spreadsheet_would_run_is_neutralised(beginning: str, spaces: str) -> None:
    value = f'{spaces}{beginning}HYPERLINK("x")'
    assert csv_value(value) == "'" + value


@pytest.mark.parametrize("text", ["Lamp", "", "a=b", "1-2", "'1", "'", "50 % off", "ümlaut", "\u202e"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert csv_value(text) == text


@pytest.mark.security(69)
@pytest.mark.parametrize("number", [0, -1, 12, Decimal("-1.50"), True])
def test_numbers_stay_numbers(session: Session, listing: Listing, number: object) -> None:
    assert csv_value(number) is number
    add(session, "Lamp")
    column = Column("number", "Number", (Product.stock,), plain=lambda _stock: number)
    assert lines(session, replace(listing, export=(column,))) == ["number\r\n", f"{number}\r\n"]


def test_a_moment_is_written_in_iso_with_its_zone() -> None:
    assert csv_value(DAY) == "2026-03-31T08:30:59+00:00"


@pytest.mark.parametrize("number", [0, 1, 249, 250, 251, 1000])
def test_a_file_is_sent_in_pieces_of_many_lines(number: int) -> None:
    file = [f"{n}\r\n" for n in range(number)]
    pieces = list(in_pieces(iter(file)))
    assert "".join(pieces) == "".join(file)
    assert len(pieces) == -(-number // 250)


def test_the_head_names_the_columns(session: Session, listing: Listing) -> None:
    assert lines(session, listing) == ["name,category,stock,price,created_at\r\n"]


def test_numbers_and_nothing_are_written_bare(session: Session, listing: Listing) -> None:
    add(session, "Lamp")
    assert lines(session, listing)[1] == "Lamp,,0,1.50,2026-03-31T08:30:59+00:00\r\n"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("a,b", '"a,b"'),
        ('say "hi"', '"say ""hi"""'),
        ("two\nlines", '"two\nlines"'),
        ("two\r\nlines", '"two\r\nlines"'),
        ("a;b", '"a;b"'),
        ("a\tb", '"a\tb"'),
        ("a b", "a b"),
        ("=1,2", '"\'=1,2"'),
    ],
)
def test_fields_are_quoted_as_rfc_4180_says(
    session: Session, listing: Listing, name: str, field: str
) -> None:
    add(session, name)
    assert lines(session, listing)[1].startswith(field + ",,0,")


SIGNS = st.characters(exclude_categories=("Cs",)) | st.sampled_from(",;\t\"'\r\n =+-@")
CODES = ["00123", "12E5", "1-2", "1/2", "+49", "0x1F", "TRUE", "1.10", "1,10"]


@pytest.mark.sqlite
@given(st.lists(st.text(SIGNS, max_size=12) | st.sampled_from(CODES), min_size=1, max_size=6))
def test_a_reader_gets_back_what_was_written(
    shared_session: Session, listing: Listing, names: list[str]
) -> None:
    shared_session.rollback()
    add(shared_session, *names)
    rows = list(csv.reader(io.StringIO("".join(lines(shared_session, listing)), newline="")))
    assert sorted(row[0] for row in rows[1:]) == sorted(csv_value(name) for name in names)
    assert {len(row) for row in rows} == {5}


@pytest.mark.parametrize("code", ["00123", "12E5", "1-2", "1/2", "0x1F", "1.10"])
def test_a_code_that_looks_like_a_number_is_written_as_it_is(
    session: Session, listing: Listing, code: str
) -> None:
    add(session, code)
    assert lines(session, listing)[1].startswith(f"{code},,0,")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_text_is_one_field_for_a_reader_with_another_delimiter(
    session: Session, listing: Listing, delimiter: str
) -> None:
    add(session, f"Lamp{delimiter}large")
    (row,) = csv.reader([lines(session, listing)[1]], delimiter=delimiter)
    assert row[0].startswith(f"Lamp{delimiter}large")
    assert len(row) == 1


def test_a_file_holds_the_rows_of_the_filter_in_the_order_of_the_list(
    session: Session, listing: Listing
) -> None:
    add(session, "Lamp 1", "Chair", "Lamp 2")
    found = lines(session, listing, q="lamp", sort="-name", size="10", page="7")
    assert [line.split(",")[0] for line in found[1:]] == ["Lamp 2", "Lamp 1"]


@pytest.mark.parametrize("place", [{"page": "2"}, {"before": "end"}], ids=str)
def test_file_holds_rows_of_all_pages(session: Session, listing: Listing, place: dict[str, str]) -> None:
    names = [f"Lamp {n:02}" for n in range(21)]
    add(session, *names[::-1], "Chair")
    found = lines(session, listing, q="lamp", size="10", **place)
    assert [line.split(",")[0] for line in found[1:]] == names


def test_a_column_of_another_table_is_read_along(session: Session, listing: Listing) -> None:
    session.add(Product(sku="S", name="Lamp", price=Decimal(1), category=Category(name="=Lighting")))
    session.flush()
    assert lines(session, listing)[1].startswith("Lamp,'=Lighting,0,")


def test_nothing_is_asked_before_the_first_line_is_wanted(
    session: Session, listing: Listing, engine: Engine
) -> None:
    def fail(*_args: object) -> None:
        raise AssertionError("a query was sent")

    event.listen(engine, "before_cursor_execute", fail)
    try:
        next(csv_lines(session, listing, read_state(listing, MultiDict())))
    finally:
        event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.sqlite
def test_memory_stays_flat_however_many_rows_there_are(session: Session, listing: Listing) -> None:
    add(session, *(["Lamp " * 30] * 5000))

    def peak(rows: int) -> int:
        tracemalloc.start()
        stream = csv_lines(session, listing, read_state(listing, MultiDict()))
        for _ in range(rows):
            next(stream)
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        stream.close()
        return reached

    peak(10)  # fills the caches that stay
    assert peak(5000) < 1.5 * peak(1500)
