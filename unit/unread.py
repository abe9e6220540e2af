"""A body of a request that must not be read."""

from __future__ import annotations

import io
from typing import Any


class Unread(io.RawIOBase):
    """A body that must not be read."""

    def readinto(self, _buffer: Any) -> int:
        raise AssertionError("the body was read")
