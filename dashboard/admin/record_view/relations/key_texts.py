"""The texts of keys in forms, where a blank text stands for no record: a blank key stands in quotes."""

from __future__ import annotations

import json
from typing import Any

from dashboard.database.keys import key_text

QUOTE = '"'


def text_of_key(key: Any) -> str:
    """The text by which a form has a key."""
    text = key_text(key)
    is_odd = isinstance(key, str) and (not text.strip() or text.startswith(QUOTE))
    return json.dumps(text, ensure_ascii=False) if is_odd else text


def key_in_text(text: str) -> str:
    """The text of the key that the text in a form stands for."""
    if not text.startswith(QUOTE):
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, str) else text
