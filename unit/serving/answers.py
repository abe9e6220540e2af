"""Answers as bytes, and waiting for what a server does by itself."""

from collections.abc import Callable
from threading import Event
from typing import Any


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def headers(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def wait_until(holds: Callable[[], Any]) -> None:
    """Wait until something holds, for no longer than ten seconds."""
    for _ in range(1000):
        if holds():
            return
        Event().wait(0.01)
    raise AssertionError("it never held")
