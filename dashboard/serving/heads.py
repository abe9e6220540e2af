"""Checks the head of a request in linear time, before waitress parses it.

Waitress's regular expressions take quadratic time on input that does not match, a minute for 32 KB, and block
every thread of the process while they run.
"""

from __future__ import annotations

import re

from waitress.parser import ParsingError

MOST_HEADERS = 100
TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
FIRST_LINE = re.compile(TOKEN + rb" [!-~\x80-\xff]+ HTTP/1\.[01]")
HEADER = re.compile(rb"(" + TOKEN + rb"):([\t -~\x80-\xff]*)")
FRAMING = (b"content-length", b"transfer-encoding")
"""RFC 9112, 6.1: a request with both may be an attempt to smuggle another past a proxy."""


def checked(head: bytes) -> bytes:
    """The head with its values trimmed; raises ParsingError if it is malformed (RFC 9112).

    Folded lines are refused, which the RFC allows.
    """
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    if not FIRST_LINE.fullmatch(first):
        raise ParsingError("Malformed request line.")
    if len(lines) > MOST_HEADERS:
        raise ParsingError("Too many headers.")
    headers = [_header(line) for line in lines]
    _refuse_two_lengths(first, {name.lower() for name, _ in headers})
    return b"\r\n".join([first, *(b"%s: %s" % header for header in headers), b"", b""])


def _header(line: bytes) -> tuple[bytes, bytes]:
    found = HEADER.fullmatch(line)
    if found is None:
        raise ParsingError("Malformed header.")
    return found[1], found[2].strip(b" \t")


def _refuse_two_lengths(first: bytes, names: set[bytes]) -> None:
    is_old = first.endswith(b"1.0")  # HTTP/1.0 knows no encodings: the body would be read as the next request
    if FRAMING[1] in names and (is_old or FRAMING[0] in names):
        raise ParsingError("Ambiguous length of the body.")
