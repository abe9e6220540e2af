"""Long addresses travel packed, and whoever reads them gets what was packed."""

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
def test_what_is_packed_is_read_as_it_was(asked: list[tuple[str, str]], long: bool) -> None:
    every = (*asked, *(MANY if long else ()))
    assert read_pairs(query(with_pairs(PATH, every))) == every


def test_an_address_that_people_can_read_stays_as_it_is() -> None:
    address = f"{PATH}?{urlencode(MANY[:150])}"
    assert len(query(address)) <= LONG
    assert short(address) == with_pairs(PATH, MANY[:150]) == address


def test_a_long_address_is_a_fraction_as_long() -> None:
    address = f"{PATH}?{urlencode(MANY)}"
    assert len(address) > 7500
    assert len(short(address)) < 2500
    assert read_pairs(query(short(address))) == MANY


def test_a_short_address_is_not_shortened_twice() -> None:
    noise = "".join(chr(0x10000 + 7919 * number % 0xF0000) for number in range(600))
    address = with_pairs(PATH, (*MANY, ("q", noise)))
    assert len(query(address)) > LONG
    assert short(address) == address


def test_what_stands_beside_a_packed_query_replaces_what_is_in_it() -> None:
    packed = urlencode(short_pairs((*MANY, ("page", "2"), ("column", "sku"), ("column", "price"))))
    found = MultiDict(read_pairs(f"{packed}&column=stock&page=5"))
    assert (found.getlist("page"), found.getlist("column"), len(found.getlist("category"))) == (
        ["5"],
        ["stock"],
        600,
    )


def test_an_address_within_another_leads_where_it_led() -> None:
    inner = with_pairs(PATH, MANY)
    outer = short(with_pairs("/admin/history/details/", (("id", "3"), ("next", inner), ("x", "y" * LONG))))
    assert dict(read_pairs(query(outer)))["next"] == inner


def test_what_does_not_fit_even_packed_is_not_carried() -> None:
    noise = "".join(chr(0x10000 + 7919 * number % 0xF0000) for number in range(4000))
    assert carried(f"{PATH}?q={quote(noise)}") == ""
    assert len(quote(carried(f"{PATH}?{urlencode(MANY)}"), safe="")) < ADDRESS_BYTES


@pytest.mark.parametrize(
    "text",
    ["", "a", "!!!!", "é", "\ud800", "AAAA", "=" * 9, pack("q=1")[:-3], pack("q=1") + "A", BOMB, "A" * 8000],
)
def test_what_is_no_packed_query_is_none(text: str) -> None:
    assert unpack(text) in ("", "q=1")


def test_no_more_is_unpacked_than_a_page_can_be_asked() -> None:
    assert unpack(BOMB) == ""
    assert len(unpack(pack("a" * QUERY_BYTES))) == QUERY_BYTES


def test_long_parameters_of_strangers_do_not_stay_in_memory(client: FlaskClient) -> None:
    def kept() -> int:
        return addresses._cached.cache_info().currsize

    before = kept()
    for number in range(3):
        assert is_redirect(client.get(f"/admin/products/?q={Random(number).randbytes(LONG).hex()}"))
    assert kept() == before
