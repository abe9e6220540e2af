"""Long addresses are packed, and read back unchanged."""

import zlib
from base64 import urlsafe_b64encode
from random import Random
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from dashboard.bounds import ADDRESS_BYTES, QUERY_BYTES
from dashboard.testing.answers import is_redirect
from dashboard.web import addresses
from dashboard.web.addresses import (
    LONG,
    PACKED,
    carried,
    pack,
    read_pairs,
    short,
    short_pairs,
    unpack,
    with_pairs,
)

PATH = "/admin/products/"
MANY = tuple(("category", str(number)) for number in range(1, 601))
BOMB = urlsafe_b64encode(zlib.compress(b"a" * (QUERY_BYTES + 1))).decode()
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda name: name != PACKED)
pairs = st.lists(st.tuples(names, st.text(st.characters(exclude_categories=["Cs"]))), max_size=8)


def query(address: str) -> str:
    return address.partition("?")[2]


@given(pairs, st.booleans())
def test_packed_query_is_read_back_unchanged(asked: list[tuple[str, str]], long: bool) -> None:
    every = (*asked, *(MANY if long else ()))
    assert read_pairs(query(with_pairs(PATH, every))) == every


def test_short_address_is_not_packed() -> None:
    address = f"{PATH}?{urlencode(MANY[:60])}"
    assert len(query(address)) <= LONG
    assert short(address) == with_pairs(PATH, MANY[:60]) == address


def test_long_address_is_packed_to_a_fraction() -> None:
    address = f"{PATH}?{urlencode(MANY)}"
    assert len(address) > 7500
    assert len(short(address)) < 2500
    assert read_pairs(query(short(address))) == MANY


def test_packed_address_is_not_packed_twice() -> None:
    noise = "".join(chr(0x10000 + 7919 * number % 0xF0000) for number in range(600))
    address = with_pairs(PATH, (*MANY, ("q", noise)))
    assert len(query(address)) > LONG
    assert short(address) == address


def test_parameters_beside_a_packed_query_replace_those_within() -> None:
    packed = urlencode(short_pairs((*MANY, ("page", "2"), ("column", "sku"), ("column", "price"))))
    found = MultiDict(read_pairs(f"{packed}&column=stock&page=5"))
    assert (found.getlist("page"), found.getlist("column"), len(found.getlist("category"))) == (
        ["5"],
        ["stock"],
        600,
    )


def test_address_within_another_is_read_back_unchanged() -> None:
    inner = with_pairs(PATH, MANY)
    outer = short(with_pairs("/admin/history/details/", (("id", "3"), ("next", inner), ("x", "y" * LONG))))
    assert dict(read_pairs(query(outer)))["next"] == inner


def test_address_that_does_not_fit_even_packed_is_left_out() -> None:
    noise = "".join(chr(0x10000 + 7919 * number % 0xF0000) for number in range(4000))
    assert carried(f"{PATH}?q={quote(noise)}") == ""
    assert len(quote(carried(f"{PATH}?{urlencode(MANY)}"), safe="")) < ADDRESS_BYTES


@pytest.mark.parametrize(
    "text", ["", "a", "!!!!", "é", "\ud800", "AAAA", "=" * 9, pack("q=1")[:-3], BOMB, "A" * 8000]
)
def test_text_that_is_not_packed_gives_no_parameters(text: str) -> None:
    assert unpack(text) == ""


def test_text_after_a_packed_query_is_ignored() -> None:
    assert unpack(pack("q=1") + "A") == "q=1"


def test_unpacking_stops_at_the_longest_query() -> None:
    assert unpack(BOMB) == ""
    assert len(unpack(pack("a" * QUERY_BYTES))) == QUERY_BYTES


def test_long_parameters_are_not_cached(client: FlaskClient) -> None:
    def cached() -> int:
        return addresses._cached.cache_info().currsize

    before = cached()
    for number in range(3):
        assert is_redirect(client.get(f"/admin/products/?q={Random(number).randbytes(LONG).hex()}"))
    assert cached() == before
