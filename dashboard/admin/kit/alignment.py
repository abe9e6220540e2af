"""The decimals of a column of numbers below each other, although not all numbers have as many.

What fills a number up is drawn by the style sheet: neither a copied text nor a screen reader has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from dashboard.listing.columns import Badge, CellValue
from dashboard.number_form import FORMS, number_form

AMOUNTS = {
    form.name: re.compile(
        rf"-?[\d{re.escape(form.group)}]+(?:{re.escape(form.point)}(\d+))?(?: (\S{{1,8}}))?", re.ASCII
    )
    for form in FORMS.values()
}
"""An amount in each form of numbers."""
POINT, DIGIT = "\N{PUNCTUATION SPACE}", "\N{FIGURE SPACE}"
"""Spaces that are as wide as a point, or a comma, and a digit."""


def aligned(values: Sequence[CellValue], texts: list[str]) -> list[str]:
    """The texts of a column of amounts, filled up to the most decimals where these differ.

    `texts` are `values` as HTML. Units of several kinds, such as currencies, get the same width.
    """
    amount = AMOUNTS[number_form().name]
    found = [amount.fullmatch(_words(value)) for value in values]
    decimals = {len(each[1] or "") for each in found if each}
    units = {each[2] for each in found if each}
    if len(decimals) <= 1 and len(units) <= 1:
        return texts
    most, has_units = max(decimals), len(units) > 1
    return [
        _filled(text, each, most, has_units) if each else text
        for text, each in zip(texts, found, strict=True)
    ]


def _words(value: CellValue) -> str:
    return value.label if isinstance(value, Badge) else value if isinstance(value, str) else ""


def _filled(text: str, amount: re.Match[str], most: int, has_units: bool) -> str:
    decimals, unit = len(amount[1] or ""), escape(amount[2] or "")
    spaces = ("" if decimals or not most else POINT) + DIGIT * (most - decimals)
    fill = f'<span class="fill" data-fill="{spaces}"></span>' if spaces else ""
    if not unit:
        return text + fill
    shown = f'<span class="unit">{unit}</span>' if has_units else unit
    number, _, after = text.rpartition(f" {unit}")
    return f"{number} {fill}{shown}{after}"
