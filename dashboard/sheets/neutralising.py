"""Text that a spreadsheet would run as a formula gets an apostrophe in a CSV file, and loses it when read.

Text that already begins with apostrophes before such a beginning gets one more, so that both ways are exact.
"""

from __future__ import annotations

import re

# OWASP, CSV Injection: a spreadsheet runs text that begins with one of these as a formula. The full-width
# forms are folded to the plain ones by some.
RUN = re.compile("'* *[=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")


def neutral(text: str) -> str:
    """A text as a CSV file holds it: no spreadsheet runs it."""
    return f"'{text}" if RUN.match(text) else text


def plain(text: str) -> str:
    """The text that `neutral` made this one of."""
    return text[1:] if text.startswith("'") and RUN.match(text) else text
