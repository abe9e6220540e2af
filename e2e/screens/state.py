"""States of screens."""

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
    """A screen as a role sees it; `allow` is what the guard may see on the way there."""

    name: str
    role: str | None
    reach: Reach
    allow: dict[str, Any] = field(default_factory=dict)

    def parameter(self) -> object:
        """The state as a parameter of a test, with its allowance."""
        marks = [pytest.mark.allow(**self.allow)] if self.allow else []
        return pytest.param(self.role, self.reach, id=self.name, marks=marks)


def at(path: str) -> Reach:
    """The page at an address, as it comes."""
    return lambda page, _server: page.goto(path)


def nothing_at(path: str) -> Reach:
    """A page over a catalogue that holds nothing."""

    def reach(page: Page, server: Console) -> None:
        empty(server)
        page.goto(path)

    return reach
