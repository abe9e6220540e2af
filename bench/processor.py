"""Which processor a measurement runs on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_processor() -> Iterator[None]:
    """Run this process and its children on one processor, where the system can do that.

    They take turns, so that it is never idle. On a virtual machine one that was takes about a second to come
    up to speed, and a page that is asked for then takes twice as long.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
