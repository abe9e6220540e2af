"""The head of a request, looked at in linear time before waitress reads it.

Waitress's own patterns take time that grows with the square of what does not match them, a minute for 32 KB,
and no thread of a process does anything else while a pattern is matched.
"""

from __future__ import annotations

import re

from waitress.parser import ParsingError

MOST_HEADERS = 100
TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
FIRST_LINE = re.compile(TOKEN + rb" [!-~\x80-\xff]+ HTTP/1\.[01]")
HEADER = re.compile(rb"(" + TOKEN + rb"):([\t -~\x80-\xff]*)")
FRAMING = (b"content-length", b"transfer-encoding")
"""RFC 9112, 6.1: who sends both may want to smuggle a request past a proxy."""


def checked(head: bytes) -> bytes:
    """The same head with no blanks around its values; raises ParsingError where it is none (RFC 9112).

    Lines that go on in the next one are refused, as the RFC lets a server do.
    """
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    if not FIRST_LINE.fullmatch(first):
        raise ParsingError("The first line is none.")
    if len(lines) > MOST_HEADERS:
        raise ParsingError("There are too many headers.")
    headers = [_header(line) for line in lines]
    _refuse_two_lengths(first, {name.lower() for name, _ in headers})
    return b"\r\n".join([first, *(b"%s: %s" % header for header in headers), b"", b""])


def _header(line: bytes) -> tuple[bytes, bytes]:
    found = HEADER.fullmatch(line)
    if found is None:
        raise ParsingError("A header is none.")
    return found[1], found[2].strip(b" \t")


def _refuse_two_lengths(first: bytes, names: set[bytes]) -> None:
    is_old = first.endswith(b"1.0")  # which knows no encodings, so that the body would be the next request
    if FRAMING[1] in names and (is_old or FRAMING[0] in names):
        raise ParsingError("The length of the body is not clear.")
