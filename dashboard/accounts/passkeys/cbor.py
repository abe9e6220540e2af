"""CBOR as authenticators have to write it: the canonical form of CTAP2.

It has no tags. With those that share values, two hundred bytes stand for gigabytes, and the library
writes what it has read before any signature was checked. So everything else is refused here first.
Source: Client to Authenticator Protocol 2.1, 8, "Message Encoding"; RFC 8949.
"""

from __future__ import annotations

from typing import Any

DEPTH = 8
"""How deep maps and arrays may lie in each other; the protocol allows 4."""
NUMBER, NEGATIVE, BYTES, TEXT, ARRAY, MAP, _, SIMPLE = range(8)
SHORT = 24
"""Numbers below stand in the first byte; the next four say that 1, 2, 4 or 8 bytes follow."""
SIMPLES = {20: False, 21: True, 22: None}


def read_item(data: bytes, at: int = 0, depth: int = 0) -> tuple[Any, int]:
    """Return the item that begins at a position, and the position behind it. Raises ValueError."""
    if at >= len(data) or depth > DEPTH:
        raise ValueError("The item ends too early, or lies too deep.")
    kind, short = data[at] >> 5, data[at] & 31
    if kind == SIMPLE:
        return _simple(short), at + 1
    number, at = _number(data, at + 1, short)
    if kind in (NUMBER, NEGATIVE):
        return (number if kind == NUMBER else -1 - number), at
    if number > len(data) - at:  # each byte, element and key takes one byte at least
        raise ValueError("The item is longer than what follows.")
    if kind in (BYTES, TEXT):
        content = data[at : at + number]
        return (content if kind == BYTES else content.decode()), at + number
    if kind == ARRAY:
        return _array(data, at, number, depth)
    if kind == MAP:
        return _map(data, at, number, depth)
    raise ValueError("The item has a tag.")


def read_whole(data: bytes) -> Any:
    """Return the one item that bytes consist of; raises ValueError for any others."""
    value, end = read_item(data)
    if end != len(data):
        raise ValueError("Something follows the item.")
    return value


def _number(data: bytes, at: int, short: int) -> tuple[int, int]:
    if short < SHORT:
        return short, at
    end = at + (1 << (short - SHORT))
    if short > SHORT + 3 or end > len(data):  # lengths that are not told before are not canonical
        raise ValueError("The number ends too early, or has no length.")
    return int.from_bytes(data[at:end], "big"), end


def _simple(short: int) -> bool | None:
    if short not in SIMPLES:
        raise ValueError("The value is neither true nor false nor null.")
    return SIMPLES[short]


def _array(data: bytes, at: int, number: int, depth: int) -> tuple[list[Any], int]:
    found = []
    for _ in range(number):
        value, at = read_item(data, at, depth + 1)
        found.append(value)
    return found, at


def _map(data: bytes, at: int, number: int, depth: int) -> tuple[dict[int | str, Any], int]:
    found: dict[int | str, Any] = {}
    for _ in range(number):
        key, at = read_item(data, at, depth + 1)
        if not isinstance(key, int | str):
            raise ValueError("The key is neither a number nor a text.")
        found[key], at = read_item(data, at, depth + 1)
    return found, at
