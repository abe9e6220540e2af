"""Request bodies: buffered in memory up to the size of a form, and only counted beyond that.

The files of those who may upload are larger. They go to a temporary file without a name, so that nothing of
them is left behind however the process ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from copy import copy
from functools import partial
from io import BytesIO
from threading import Lock
from typing import IO, Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest

from dashboard.bounds import BODY_BYTES
from dashboard.serving.heads import checked

CONTROL_BYTES = 4096
"""The longest chunk line and trailer of a body, together."""
CUT_OFF_BYTES = 16 * 1024 * 1024
"""The application refuses large bodies up to this size, see `Body`; the server refuses longer ones."""
SMALL_BYTES = 64 * 1024
LARGE_BODIES_BYTES = 64 * 1024 * 1024
"""The memory of a worker for all bodies larger than `SMALL_BYTES`; smaller ones are always accepted."""
TIMES_AN_UPLOAD = 2
"""The same for those who may upload: how many times as large a body may be as the largest upload."""
UPLOADS_AT_ONCE = 4
"""Large files that a worker takes at the same moment; the disk has to hold them."""

MostBytes = Callable[[dict[str, Any]], int]
"""How many bytes of its body the application takes of a request with this head."""


def most_of_a_form(_environ: dict[str, Any]) -> int:
    """The usual bound of every body."""
    return BODY_BYTES


class Budget:
    """A shared number of bytes; safe to use from any thread."""

    def __init__(self, size: int = LARGE_BODIES_BYTES) -> None:
        self._left, self._lock = size, Lock()

    def take(self, number: int) -> bool:
        """Take `number` bytes; if fewer are left, take nothing and return False."""
        with self._lock:
            enough = number <= self._left
            self._left -= number if enough else 0
            return enough

    def give_back(self, number: int) -> None:
        """Give `number` bytes back."""
        with self._lock:
            self._left += number


class Body:
    """A body as it arrives, with the interface of waitress's buffers.

    Beyond what the application accepts it is counted and discarded: a browser reads the 413 page only after
    it has sent everything. Nothing is written to files, because the temporary folder may be full.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget, self._taken, self._length = budget, 0, 0
        self._file = BytesIO()
        self.is_refused = False
        """Whether it was discarded because too many large bodies are arriving at once."""

    def __len__(self) -> int:
        return self._length

    def append(self, data: bytes) -> None:
        """Add data that has arrived."""
        self._length += len(data)
        if self._length > BODY_BYTES:
            self.close()  # the application refuses it without reading it
        if self.is_refused or self._length > BODY_BYTES:
            return
        if self._length > SMALL_BYTES and not self._take(self._length - self._taken):
            self.is_refused = True
            self.close()
            return
        self._file.write(data)

    def _take(self, number: int) -> bool:
        enough = self._budget.take(number)
        self._taken += number if enough else 0
        return enough

    def getfile(self) -> BytesIO:
        """The body, from its beginning."""
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Free the memory."""
        self._file = BytesIO()
        self._budget.give_back(self._taken)
        self._taken = 0


class Upload(Body):
    """A large file as it arrives, on the disk; it takes its place among the uploads at its first byte."""

    def __init__(self, places: Budget) -> None:
        super().__init__(places)
        self._disk: IO[bytes] | None = None

    def append(self, data: bytes) -> None:
        """Add data that has arrived."""
        self._length += len(data)
        if self.is_refused:
            return
        try:
            if self._disk is None and self._take(1):
                self._disk = tempfile.TemporaryFile()  # noqa: SIM115 - `close` does it
            if self._disk is None:
                self.is_refused = True
            else:
                self._disk.write(data)
        except OSError:  # the disk is full
            self.is_refused = True
            self.close()

    def getfile(self) -> Any:
        """The body, from its beginning."""
        if self._disk is None:
            return super().getfile()
        self._disk.seek(0)
        return self._disk

    def close(self) -> None:
        """Free the place and the disk."""
        if self._disk is not None:
            self._disk.close()
            self._disk = None
        super().close()


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request as it arrives."""

    completed: bool
    expect_continue: bool

    def __init__(self, budget: Budget, uploads: Budget, most_bytes: MostBytes, adjustments: Any) -> None:
        super().__init__(adjustments)
        self._budget, self._uploads, self._most_bytes = budget, uploads, most_bytes

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the head; raises waitress's ParsingError."""
        try:
            super().parse_header(checked(header_plus))
        except ValueError as error:  # a length with thousands of digits, half a bracket in the address
            raise ParsingError("Malformed number or address.") from error
        finally:
            length, most = int(self.content_length), self._most()
            if most > BODY_BYTES:
                self.adj: Any = copy(self.adj)
                self.adj.max_request_body_size = max(CUT_OFF_BYTES, TIMES_AN_UPLOAD * most)
            # Otherwise waitress asks for the body of a request without one, or of one that it has refused.
            wants_more = self.body_rcv is not None and length < self.adj.max_request_body_size
            self.expect_continue = self.expect_continue and wants_more
        if self.body_rcv is not None:
            self.body_rcv.buf = Upload(self._uploads) if BODY_BYTES < length <= most else Body(self._budget)

    def _most(self) -> int:
        """How much the application takes of this request: more than of a form only of a length it names."""
        if self.body_rcv is None or self.chunked or self.content_length <= BODY_BYTES:
            return BODY_BYTES
        return self._most_bytes(self._head())

    def _head(self) -> dict[str, Any]:
        """The WSGI environment of the request, without its body."""
        names = {"COOKIE": "HTTP_COOKIE", "HOST": "HTTP_HOST", "CONTENT_TYPE": "CONTENT_TYPE"}
        headers = {name: self.headers[key] for key, name in names.items() if key in self.headers}
        return {
            **headers,
            "REQUEST_METHOD": self.command.upper(),
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": f"HTTP/{self.version}",
            "wsgi.url_scheme": self.url_scheme,
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }

    def received(self, data: bytes) -> int:
        """Add data that has arrived; returns how many bytes of it belong to this request."""
        taken = int(super().received(data))
        around = len(self.body_rcv.control_line) + len(self.body_rcv.trailer) if self.chunked else 0
        if around > CONTROL_BYTES and not self.completed:
            # Waitress scans all of it again whenever more arrives.
            self.error, self.completed = BadRequest("Chunk line or trailer too long."), True
        return taken

    @property
    def is_refused(self) -> bool:
        """Whether its body was discarded because too many large ones are arriving at once."""
        return self.body_rcv is not None and self.body_rcv.buf.is_refused

    @property
    def has_begun(self) -> bool:
        """Whether any of it has arrived."""
        return bool(self.headers_finished or self.header_plus.strip())


def request_parser(budget: Budget, uploads: Budget, most_bytes: MostBytes) -> Any:
    """A factory of requests whose large bodies share `budget`, and whose uploads share so many places."""
    return partial(Request, budget, uploads, most_bytes)
