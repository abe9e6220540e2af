"""Numbers as people and files write them: ``1,234.50``, ``1.234,50``, ``1 234,50`` and ``1'234.50``.

A text is read where it has one meaning. ``1,200`` has two, and is refused where a field can hold both.
"""

from __future__ import annotations

import re

from dashboard.number_form import DEFAULT, NumberForm, in_form, number_form

LONGEST = 100
"""Characters of a text that may be a number."""
POINT, COMMA = "point", "comma"
"""The two ways to write decimals; the other mark then stands between thousands."""
GAPS = " \u00a0\u2007\u2009\u202f'\u2019"
"""The signs between thousands in both: blanks, also those that do not break a line, and apostrophes."""
MINUS = "\u2212"


def _shape(thousands: str, point: str) -> re.Pattern[str]:
    grouped = rf"[1-9]\d{{0,2}}(?P<mark>[{thousands}{GAPS}])\d{{3}}(?:(?P=mark)\d{{3}})*"
    return re.compile(rf"([+-]?)(?P<whole>{grouped}|\d+)(?:{re.escape(point)}(?P<decimals>\d+))?", re.ASCII)


SHAPES = {POINT: _shape(",", "."), COMMA: _shape(".", ",")}
OWN = {**SHAPES, "space": _shape("", ","), "apostrophe": _shape("", ".")}
"""The shape of a number in each form that a person can choose, by its name."""
MARKS = str.maketrans("", "", f",.{GAPS}")
TWO_MEANINGS = re.compile(rf"[+\-{MINUS}]?[1-9]\d{{0,2}}\.\d{{3}}", re.ASCII)
"""A number with a point before three digits, which others write between thousands."""
AMBIGUOUS = re.compile(rf"[+\-{MINUS}]?[1-9]\d{{0,2}},\d{{3}}", re.ASCII)
"""The same with a comma, which no field holds: it stands for a number that was not read yet."""
WITH_POINT = re.compile(r"-?\d+\.\d+", re.ASCII)
PLAIN = re.compile(r"[+-]?\d+(\.(\d{1,2}|\d{4,}))?", re.ASCII)
"""A number without any mark but a point that can only stand before decimals."""


def as_written(text: str, how: str) -> str | None:
    """A number that is written in one of the two ways, with a point and nothing between thousands.

    None for a text that is not written so.
    """
    found = OWN[how].fullmatch(text.strip().replace(MINUS, "-"))
    if found is None:
        return None
    sign, decimals = found[1].replace("+", ""), found["decimals"]
    return f"{sign}{found['whole'].translate(MARKS)}{f'.{decimals}' if decimals else ''}"


def from_page(text: str, form: NumberForm) -> str:
    """The text that was typed on a page in `form`, so that it means the same everywhere.

    Where the person chose the form, a number that fits it has a point and one meaning then; any other text
    stays as it is, for `plain_number`. Each line is a text of its own.
    """
    return "\n".join(_from_page(line, form) for line in text.split("\n"))


def _from_page(line: str, form: NumberForm) -> str:
    found = as_written(line, form.name) if form.is_chosen and len(line) <= LONGEST else None
    if found is not None:
        return unambiguous(found)
    # On a page with commas before decimals, a point is no sure sign of them in a field that has three either.
    is_unsure = form.point == "," and TWO_MEANINGS.fullmatch(line.strip())
    return line.replace(".", ",") if is_unsure else line


def for_page(text: str, form: NumberForm) -> str:
    """The numbers that fields hold, as the input of a page in `form` has them: it is read back as the same.

    Nothing stands between thousands, so that the page can be sent under another setting as well.
    """
    if form.point == DEFAULT.point:
        return text
    return "\n".join(map(_with_comma, text.split("\n")))


def _with_comma(line: str) -> str:
    is_number = WITH_POINT.fullmatch(line) is not None
    return unambiguous(line).replace(".", ",") if is_number else line


def unambiguous(number: str) -> str:
    """A number with a point, with one more digit where its point could stand between thousands."""
    return f"{number}0" if TWO_MEANINGS.fullmatch(number) else number


def is_unambiguous(text: str) -> bool:
    """Whether a text with a point before decimals, a line for each number, has no other meaning."""
    return not any(AMBIGUOUS.fullmatch(line.strip()) for line in text.split("\n"))


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
    # On a page with commas before decimals, the person may have typed a point instead of this comma.
    said = "This" if number_form().point == "," and AMBIGUOUS.fullmatch(number) else number
    meanings = f"{whole} or {in_form(_short(exact))}"
    raise ValueError(f"{said} can mean {meanings}. {_what_to_type(whole, exact, decimals)}")


def _short(exact: str) -> str:
    return exact.rstrip("0").rstrip(".")


def _what_to_type(whole: str, exact: str, decimals: int | None) -> str:
    short, form = _short(exact), number_form()
    if decimals is not None and decimals < 3 and TWO_MEANINGS.fullmatch(short):
        digits = f"{decimals} digit{'s' if decimals > 1 else ''}"
        return f"Type {whole}, or use at most {digits} after the {form.point_word}."
    is_sure = decimals == 3 and form.point == "."  # such a field takes each point for one before decimals
    return f"Type {whole} or {short if is_sure else in_form(unambiguous(short))}."
