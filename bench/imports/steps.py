"""The steps of an import, and what one of them took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter, process_time

UPLOAD, CHECK, IMPORT = "upload", "check", "import"
AGAIN = "same file again"
CHECK_CHANGES, CHANGES = "check of changes", "import of changes"
UNDO_CHANGES, UNDO_IMPORT = "undo of changes", "undo of creations"

LIST, EDIT = "list", "edit"
QUIET, DURING = "quiet", "during an import"


@dataclass
class Figures:
    """The measurements of one console: the seconds of each step over ``rows`` rows, and memory in MB.

    ``busy`` are the seconds in which this process had a processor. ``waits`` are the milliseconds that 19 of
    20 requests of another user stay below, by their name; ``refused`` of them found the database busy.
    """

    rows: int
    seconds: dict[str, float] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0
    waits: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note how long a step takes."""
        begun, worked = perf_counter(), process_time()
        yield
        self.seconds[step], self.busy[step] = perf_counter() - begun, process_time() - worked

    def rate(self, step: str) -> float:
        """Rows a second."""
        return self.rows / self.seconds[step]
