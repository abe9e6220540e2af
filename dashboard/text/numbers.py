"""Numbers as people and files write them: ``1,234.50``, ``1.234,50``, ``1 234,50`` and ``1'234.50``.

A text is read where it has one meaning. ``1,200`` has two, and is refused where a field can hold both.
"""

from __future__ import annotations

import re

POINT, COMMA = "point", "comma"
"""The two ways to write decimals; the other mark then stands between thousands."""
GAPS = " \u00a0\u2007\u2009\u202f'\u2019"
"""The signs between thousands in both: blanks, also those that do not break a line, and apostrophes."""
MINUS = "\u2212"


def _shape(thousands: str, point: str) -> re.Pattern[str]:
    grouped = rf"[1-9]\d{{0,2}}(?P<mark>[{thousands}{GAPS}])\d{{3}}(?:(?P=mark)\d{{3}})*"
    return re.compile(rf"([+-]?)(?P<whole>{grouped}|\d+)(?:{re.escape(point)}(?P<decimals>\d+))?", re.ASCII)


SHAPES = {POINT: _shape(",", "."), COMMA: _shape(".", ",")}
MARKS = str.maketrans("", "", f",.{GAPS}")
TWO_MEANINGS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""A number with a point before three digits, which others write between thousands."""
PLAIN = re.compile(r"[+-]?\d+(\.(\d{1,2}|\d{4,}))?", re.ASCII)
"""A number without any mark but a point that can only stand before decimals."""


def as_written(text: str, how: str) -> str | None:
    """A number that is written in one of the two ways, with a point and nothing between thousands.

    None for a text that is not written so.
    """
    found = SHAPES[how].fullmatch(text.strip().replace(MINUS, "-"))
    if found is None:
        return None
    sign, decimals = found[1].replace("+", ""), found["decimals"]
    return f"{sign}{found['whole'].translate(MARKS)}{f'.{decimals}' if decimals else ''}"


def unambiguous(number: str) -> str:
    """A number with a point, with one more digit where its point could stand between thousands."""
    return f"{number}0" if TWO_MEANINGS.fullmatch(number) else number


def plain_number(text: str, decimals: int | None) -> str:
    """A number that a person typed in a field with so many decimals, None for any: with a point alone.

    A text that is no number stays as it is. Raises ValueError, with both meanings, where it has two: a field
    for whole numbers holds one of them, and one with three decimals shows every number with such a point.
    """
    number = text.strip()
    if PLAIN.fullmatch(number):
        return number
    readings = {found for how in SHAPES if (found := as_written(number, how)) is not None}
    if len(readings) < len(SHAPES):
        return readings.pop() if readings else number
    whole, exact = sorted(readings, key=lambda found: "." in found)
    if decimals == 0:
        return whole
    if decimals == 3 and "." in number:
        return exact
    raise ValueError(f"{number} can mean {whole} or {_short(exact)}. {_what_to_type(whole, exact, decimals)}")


def _short(exact: str) -> str:
    return exact.rstrip("0").rstrip(".")


def _what_to_type(whole: str, exact: str, decimals: int | None) -> str:
    short = _short(exact)
    if decimals is None or decimals > 3:
        return f"Type {whole} or {unambiguous(short)}."
    if decimals == 3 or not TWO_MEANINGS.fullmatch(short):
        return f"Type {whole} or {short}."
    return f"Type {whole}, or use at most {decimals} digit{'s' if decimals > 1 else ''} after the point."
