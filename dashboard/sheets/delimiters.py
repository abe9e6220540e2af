"""Which sign stands between the cells of a text."""

from __future__ import annotations

import csv
import re

DELIMITERS = ",;\t|"
SAMPLE = 2048
"""Characters that are looked at: the expressions of the library take long on text with many quotes."""
# Excel writes and reads this line; it is no part of the table.
SEP = re.compile(r'\ufeff?"?sep=(.)"?\r?\n?', re.I)


def named_delimiter(line: str) -> str | None:
    """The delimiter that a first line of ``sep=;`` names."""
    found = SEP.fullmatch(line)
    return found[1] if found and found[1] in DELIMITERS else None


def guessed_delimiter(sample: str) -> str:
    """The delimiter of a text whose beginning is `sample`; a comma where there is only one column."""
    lines = sample[:SAMPLE].splitlines(keepends=True)
    whole = "".join(lines[:-1] if len(sample) >= SAMPLE and len(lines) > 1 else lines)
    counts = _in_header(whole)
    try:
        sniffed = csv.Sniffer().sniff(whole, delimiters=DELIMITERS).delimiter
    except csv.Error:
        sniffed = ""
    # Nothing but the delimiter is taken from the library, and only one that parts the header.
    return sniffed if counts.get(sniffed) else max(DELIMITERS, key=lambda sign: counts[sign])


def _in_header(text: str) -> dict[str, int]:
    """How often each delimiter stands in the first line that is not blank, outside quotes."""
    counts = dict.fromkeys(DELIMITERS, 0)
    is_quoted = False
    for sign in text.lstrip():
        if sign == '"':
            is_quoted = not is_quoted
        elif not is_quoted and sign in "\r\n":
            break
        elif not is_quoted and sign in counts:
            counts[sign] += 1
    return counts
