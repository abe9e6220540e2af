"""What clients send: kept in memory, up to what a form may hold, and counted beyond that."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from threading import Lock
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest

from dashboard.bounds import BODY_BYTES
from dashboard.serving.heads import checked

CONTROL_BYTES = 4096
"""What may stand around the chunks of a body: their lengths and what follows the last one."""
CUT_OFF_BYTES = 16 * 1024 * 1024
"""A body is read up to here even if the application refuses it, see `Body`; then the server does."""
SMALL_BYTES = 64 * 1024
LARGE_BODIES_BYTES = 64 * 1024 * 1024
"""What the bodies larger than `SMALL_BYTES` may take together in a worker; small ones are always taken."""


class Budget:
    """A number of bytes that many share; any thread may take and give back."""

    def __init__(self, size: int = LARGE_BODIES_BYTES) -> None:
        self._left, self._lock = size, Lock()

    def take(self, number: int) -> bool:
        """Take `number` bytes; False, taking none, where so many are not left."""
        with self._lock:
            enough = number <= self._left
            self._left -= number if enough else 0
            return enough

    def give_back(self, number: int) -> None:
        """Return what was taken."""
        with self._lock:
            self._left += number


class Body:
    """A body as it comes in, in the shape of waitress's buffers.

    What is more than the application accepts is counted and dropped: a browser reads the answer, a page that
    says 413, only after it sent everything. Nothing is kept in files, for a temporary folder may fill up.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget, self._taken, self._length = budget, 0, 0
        self._file = BytesIO()
        self.is_refused = False
        """Whether it was dropped because too many large bodies are coming in at once."""

    def __len__(self) -> int:
        return self._length

    def append(self, data: bytes) -> None:
        """Take what came in."""
        self._length += len(data)
        if self._length > BODY_BYTES:
            self.close()  # nobody will read any of it
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
        """What was kept, from its beginning."""
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Forget what was kept."""
        self._file = BytesIO()
        self._budget.give_back(self._taken)
        self._taken = 0


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request as it comes in."""

    completed: bool
    expect_continue: bool

    def __init__(self, budget: Budget, adjustments: Any) -> None:
        super().__init__(adjustments)
        self._budget = budget

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; raises waitress's ParsingError."""
        try:
            super().parse_header(checked(header_plus))
        except ValueError as error:  # a length of thousands of digits, an address with half a bracket
            raise ParsingError("A number or an address is none.") from error
        finally:
            # Waitress would ask for the rest of a request that has none, or that it has refused.
            wants_more = self.body_rcv is not None and self.content_length < CUT_OFF_BYTES
            self.expect_continue = self.expect_continue and wants_more
        if self.body_rcv is not None:
            self.body_rcv.buf = Body(self._budget)

    def received(self, data: bytes) -> int:
        """Take what came in; returns how many bytes of it belong to this request."""
        taken = int(super().received(data))
        around = len(self.body_rcv.control_line) + len(self.body_rcv.trailer) if self.chunked else 0
        if around > CONTROL_BYTES and not self.completed:
            # Waitress looks at all of it each time that some comes in.
            self.error, self.completed = BadRequest("A chunk has no end."), True
        return taken

    @property
    def is_refused(self) -> bool:
        """Whether its body was dropped because too many large ones are coming in at once."""
        return self.body_rcv is not None and self.body_rcv.buf.is_refused

    @property
    def has_begun(self) -> bool:
        """Whether the client sent any of it."""
        return bool(self.headers_finished or self.header_plus.strip())


def request_parser(budget: Budget) -> Any:
    """What makes the requests of a channel, whose large bodies share `budget`."""
    return partial(Request, budget)
