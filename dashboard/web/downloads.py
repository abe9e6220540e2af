"""Answers that browsers store as files."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from werkzeug.wrappers import Response

UNQUOTED = "!#$&+-.^_`|~"
"""The signs besides letters and digits that RFC 8187 allows in such a name."""


def as_download(response: Response, name: str) -> None:
    """Let a browser store an answer under a name, which may have any characters.

    Headers are ASCII: another name is sent in the form of RFC 8187, after a plain one for old clients.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    names = {"filename": plain.strip() or "file"}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe=UNQUOTED)}"
    response.headers.set("Content-Disposition", "attachment", **names)
