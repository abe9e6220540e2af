"""The rules for every name and title: one visible line that does not change the rest of a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dashboard.text.characters import EMPTY, TURNING, is_control, visible

UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Mc", "Me"})
"""Categories of blanks, controls and formats, and of marks, which show something only on a letter."""
# Dots in host names (RFC 3490, 3.1), and their lookalikes in confusables.txt (Unicode Technical Standard 39);
# NFKC makes dots of the others.
DOTS = dict.fromkeys(map(ord, "\u3002\u0701\u0702\u06d4\u0660\u06f0\ua4f8\ua60e\U00010a50\U0001d16d"), ".")
# Blanks around the @ deceive readers too, but count only before a host name: "50 @ 3.20" is no address.
PART = r"[^\s@<>()\[\]{},;:\"“”]+"
ADDRESS = re.compile(rf"{PART}@{PART}|{PART}\s*@\s*{PART}\.(?=[^\W\d]){PART}")


def shows(text: str) -> bool:
    """Whether there is anything to see of `text`."""
    return any(unicodedata.category(sign) not in UNSEEN for sign in visible(text).translate(EMPTY))


def title_fault(line: str, what: str = "a name") -> str | None:
    """Say in plain words why `line` is no title, or None; `what` is what it should be, such as "a name"."""
    if any(map(is_control, line)):
        return "Remove the control characters or line breaks."
    if any(ord(sign) in TURNING for sign in line):
        return "Remove the invisible characters that change the direction of the text."
    return None if shows(line) else f"Enter {what} that can be seen."


def reads_like_address(text: str, own: str) -> bool:
    """Whether `text` holds what reads like an email address other than `own`."""
    return any("".join(found.split()) != _as_read(own) for found in addresses_in(text))


def addresses_in(text: str) -> Sequence[str]:
    """Return the part of `text` that reads like an email address, however its signs are written."""
    return [found.group().strip(".!?'") for found in ADDRESS.finditer(_as_read(text))]


def _as_read(text: str) -> str:
    return visible(unicodedata.normalize("NFKC", text)).translate(DOTS | EMPTY).casefold()
