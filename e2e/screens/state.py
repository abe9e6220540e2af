"""The states of screens, as parameters of tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.catalogue import empty
from e2e.server import Console

Reach = Callable[[Page, Console], object]


@dataclass(frozen=True)
class State:
    """A screen in a state that users see; ``allow`` are the problems that the guard allows on the way."""

    name: str
    role: str | None
    reach: Reach
    allow: dict[str, Any] = field(default_factory=dict)

    def parameter(self) -> object:
        """Return the state as a parameter of a test, with its allowance."""
        marks = [pytest.mark.allow(**self.allow)] if self.allow else []
        return pytest.param(self.role, self.reach, id=self.name, marks=marks)


def at(path: str) -> Reach:
    """Return how to reach the page at an address."""
    return lambda page, _server: page.goto(path)


def nothing_at(path: str) -> Reach:
    """Return how to reach a page over an empty catalogue."""

    def reach(page: Page, server: Console) -> None:
        empty(server)
        page.goto(path)

    return reach
