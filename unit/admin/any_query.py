"""Query strings of every kind, for both databases."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st

NAMES = (
    "q", "sort", "page", "size", "id", "next", "setup", "url", "status", "category", "stock", "role", "state",
    "packed",
    "price_min", "price_max", "created_from", "created_to", "rowid", "action", "mode",
    "column", "earlier", "later", "view", "after", "before",
    "kind", "of", "person", "origin", "record", "when_from", "when_to",
)  # fmt: skip
SORTS = (
    "name",
    "-price",
    "category",
    "-stock",
    "status",
    "created",
    "state",
    "role",
    "seen",
    "products",
    "email",
)
NUMBERS = (
    "0",
    "1",
    "2",
    "-1",
    "9" * 11,
    "9" * 5000,
    "1e999999999",
    "1e-999999999",
    "NaN",
    "sNaN",
    "1_0",
    "²",
    "-0",
)
DAYS = ("0001-01-01", "9999-12-31", "9999-12-30", "2026-02-30", "20260331", "2026-W01-1")
TEXTS = (
    "",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "\0",
    "a\0b",
    "\ud7ff",
    "\ufeff",
    "\u202e",
    "a " * 100,
    "' OR 1=1 --",
    "{{7}}",
    "products:1",
    "users:1",
    "categories:²",
    "nobody",
)
LISTS = ("/admin/products/", "/admin/categories/", "/admin/users/")
BACK = tuple(
    f"{path}?{query}"
    for path in LISTS
    for query in (
        *(f"sort={name}" for name in SORTS),
        "&".join(["a=1"] * 150),
        "price_min=1e999",
        "page=x&q=%00",
        "%ff",
    )
)
VALUES = st.one_of(
    st.sampled_from((*SORTS, *NUMBERS, *DAYS, *TEXTS, *BACK, "//evil.test", "//[", "http://[")),
    st.text(max_size=30),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.dates().map(str),
)
PAIRS = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), VALUES), max_size=8)
QUERIES = st.one_of(
    PAIRS.map(lambda pairs: urlencode(pairs).encode()),
    PAIRS.map(lambda pairs: urlencode([("id", "1"), *pairs]).encode()),
    st.binary(max_size=40).filter(lambda raw: b"\n" not in raw and b"\r" not in raw),
)
RAW = [
    b"\xff", b"q=\xff&id=1", b"%", b"%zz=%", b"&&&===", b"a" * 3000, b"=1", b"q=%ff%fe&id=1", b"q=%00&id=1",
    b"id=1&next=" + quote("/admin/products/?" + "&".join(["a=1"] * 150), safe="").encode(),
    b"id=" + b"9" * 5000, b"page=" + b"9" * 5000, b"price_min=1e999999999&price_max=1e-999999999",
    b"id=1&next=" + quote("/admin/users/?sort=state", safe="").encode(),
    b"&".join([b"status=active&category=1"] * 200),
]  # fmt: skip


def pages(app: Flask) -> list[str]:
    """Every address that takes a GET and has no part to fill in."""
    return sorted(
        {r.rule for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and not r.arguments}
    )


def status_of(client: FlaskClient, path: str, raw: bytes) -> int:
    """The status of a page with these very bytes as its query string."""
    answer = client.get(path, environ_overrides={"QUERY_STRING": raw.decode("latin-1")})
    answer.get_data()  # a stream may fail after its head
    return answer.status_code


def tell_all(client: FlaskClient, paths: Sequence[str], raw: bytes) -> list[tuple[str, int]]:
    """The pages that fail at a query, with their status."""
    told = [(path, status_of(client, path, raw)) for path in paths]
    return [(path, status) for path, status in told if status >= 500]
