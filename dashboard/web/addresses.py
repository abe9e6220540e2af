"""Long addresses, written short: beyond a length, the query of an address travels packed in one parameter.

A list of which hundreds of categories are chosen has an address of some kilobytes. It has to fit into the
addresses of other pages, quoted, so that they lead back to it.
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
LONG = 2000
"""Bytes; a query up to this length stays readable, for it fits into another address even quoted."""
BESIDE = 200  # bytes of an address that carries another: its own path and parameters
CACHED_LENGTH = 100  # characters; a longer parameter is not cached

Query = tuple[tuple[str, str], ...]


def asked_address() -> str:
    """The address of this request, with its query."""
    return request.full_path if request.query_string else request.path


def pack(query: str) -> str:
    """The query of an address as the value of one parameter."""
    return urlsafe_b64encode(zlib.compress(query.encode(errors="replace"), 1)).rstrip(b"=").decode()


def unpack(text: str) -> str:
    """The query that `pack` packed, of at most `QUERY_BYTES`; empty where `text` holds none."""
    unpacking = zlib.decompressobj()
    try:
        query = unpacking.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), QUERY_BYTES)
        return query.decode() if unpacking.eof else ""
    except (ValueError, zlib.error):
        return ""


def unpacked(pairs: Query) -> Query:
    """The parameters of an address with those that are packed among them."""
    beside = tuple(pair for pair in pairs if pair[0] != PACKED)
    if len(beside) == len(pairs):
        return pairs
    names = {name for name, _ in beside}
    within = parse_qsl(unpack(dict(pairs)[PACKED]), keep_blank_values=True)
    return (*(pair for pair in within if pair[0] not in names and pair[0] != PACKED), *beside)


def read_pairs(query: str) -> Query:
    """The parameters of the query of an address, unpacked."""
    return unpacked(tuple(parse_qsl(query, keep_blank_values=True)))


def _written(pair: tuple[str, str]) -> str:
    # A stranger's are written too, and would fill the memory with as many kilobytes each.
    return urlencode((pair,)) if len(pair[0]) + len(pair[1]) > CACHED_LENGTH else _cached(pair)


@lru_cache(4096)
def _cached(pair: tuple[str, str]) -> str:
    # A list with hundreds of options links to as many addresses of nearly the same parameters.
    return urlencode((pair,))


def short_pairs(pairs: Query) -> Query:
    """Parameters as an address or a form carries them: one that holds all, where they are long."""
    query = "&".join(map(_written, pairs))
    return ((PACKED, pack(query)),) if LONG < len(query) <= QUERY_BYTES else pairs


def with_pairs(path: str, pairs: Query) -> str:
    """An address with these parameters, packed where they are long."""
    return f"{path}?{'&'.join(map(_written, short_pairs(pairs)))}" if pairs else path


def short(address: str) -> str:
    """An address that leads to the same page, packed where it is long."""
    path, _, query = address.partition("?")
    return with_pairs(path, read_pairs(query.partition("#")[0])) if len(query) > LONG else address


def carried(address: str) -> str:
    """An address as another one may carry it in ``next``; empty where it does not fit, even packed."""
    way = short(address)
    return way if len(quote(way, safe="")) <= ADDRESS_BYTES - BESIDE else ""


def page_url(endpoint: str) -> str:
    """The address of a page that takes no parameters; every page holds a dozen of them."""
    return _page_url(request.script_root, endpoint)


@cache
def _page_url(_script_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def query_of(address: str) -> Query:
    """The parameters that a form has to send so that it asks for `address`."""
    return tuple(parse_qsl(urlsplit(address).query, keep_blank_values=True))
