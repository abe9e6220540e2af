"""Shortens long addresses: beyond a length, the query of an address is packed into one parameter.

The address of a list with hundreds of chosen categories takes kilobytes. It has to fit, quoted, into the
addresses of other pages, so that they can link back to it.
"""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache, lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import request, url_for

from dashboard.bounds import ADDRESS_BYTES, QUERY_BYTES

PACKED = "packed"
"""The parameter that holds a whole query; parameters beside it replace those of the same name within."""
LONG = 800
"""Bytes; a query up to this length stays readable. The links of a list repeat it in every row."""
BESIDE = 200  # bytes for the rest of an address that contains another
CACHED_LENGTH = 100  # characters; longer parameters are not cached

Query = tuple[tuple[str, str], ...]


def asked_address() -> str:
    """Return the address of this request, with its query."""
    return request.full_path if request.query_string else request.path


def pack(query: str) -> str:
    """Return the query of an address as the value of one parameter."""
    return urlsafe_b64encode(zlib.compress(query.encode(errors="replace"), 1)).rstrip(b"=").decode()


def unpack(text: str) -> str:
    """Return the query that `pack` packed, up to `QUERY_BYTES`; empty where `text` is not a packed query."""
    unpacking = zlib.decompressobj()
    try:
        query = unpacking.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), QUERY_BYTES)
        return query.decode() if unpacking.eof else ""
    except (ValueError, zlib.error):
        return ""


def unpacked(pairs: Query) -> Query:
    """Return the parameters of an address, including those packed in one of them."""
    beside = tuple(pair for pair in pairs if pair[0] != PACKED)
    if len(beside) == len(pairs):
        return pairs
    names = {name for name, _ in beside}
    within = parse_qsl(unpack(dict(pairs)[PACKED]), keep_blank_values=True)
    return (*(pair for pair in within if pair[0] not in names and pair[0] != PACKED), *beside)


def read_pairs(query: str) -> Query:
    """Return the parameters of a query, unpacked."""
    return unpacked(tuple(parse_qsl(query, keep_blank_values=True)))


def _written(pair: tuple[str, str]) -> str:
    # Parameters of any length can be sent without logging in, and would fill the cache.
    return urlencode((pair,)) if len(pair[0]) + len(pair[1]) > CACHED_LENGTH else _cached(pair)


@lru_cache(4096)
def _cached(pair: tuple[str, str]) -> str:
    # A list with hundreds of options links to hundreds of addresses with nearly the same parameters.
    return urlencode((pair,))


def short_pairs(pairs: Query) -> Query:
    """Return parameters for an address or a form: packed into one, where they are long."""
    query = "&".join(map(_written, pairs))
    return ((PACKED, pack(query)),) if LONG < len(query) <= QUERY_BYTES else pairs


def with_pairs(path: str, pairs: Query) -> str:
    """Return an address with these parameters, packed where they are long."""
    return f"{path}?{'&'.join(map(_written, short_pairs(pairs)))}" if pairs else path


def short(address: str) -> str:
    """Return an address of the same page, packed where it is long."""
    path, _, query = address.partition("?")
    return with_pairs(path, read_pairs(query.partition("#")[0])) if len(query) > LONG else address


def carried(address: str) -> str:
    """Return an address for the parameter ``next`` of another; empty where it does not fit, even packed."""
    way = short(address)
    return way if len(quote(way, safe="")) <= ADDRESS_BYTES - BESIDE else ""


def page_url(endpoint: str) -> str:
    """Return the address of a page without parameters, cached: every page links to a dozen of them."""
    return _page_url(request.script_root, endpoint)


@cache
def _page_url(_script_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def query_of(address: str) -> Query:
    """Return the fields with which a form requests `address`."""
    return tuple(parse_qsl(urlsplit(address).query, keep_blank_values=True))
