from itertools import islice

from bench.catalogue import COMMON_WORD, NO_WORD, RARE_STATUS, products, sku

COUNT = 20_000


def test_the_same_rows_come_every_time_and_whatever_the_size() -> None:
    assert list(products(50)) == list(products(50)) == list(islice(products(COUNT), 50))


def test_rows_come_one_by_one() -> None:
    assert next(products(10**12)).id == 1


def test_what_is_searched_and_filtered_is_as_rare_as_it_says() -> None:
    rows = list(products(COUNT))
    assert 0.045 < sum(row.status == RARE_STATUS for row in rows) / COUNT < 0.055
    assert 0.09 < sum(COMMON_WORD in row.name.lower() for row in rows) / COUNT < 0.11
    assert not [row for row in rows if NO_WORD in f"{row.name} {row.sku}".lower()]


def test_no_two_rows_share_what_a_list_is_sorted_or_searched_by() -> None:
    rows = list(products(COUNT))
    for column in ("sku", "name", "created_at"):
        assert len({getattr(row, column) for row in rows}) == COUNT
    assert rows[1233].sku == sku(1234)
