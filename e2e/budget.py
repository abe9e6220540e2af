"""The cost of a page: bytes over the wire, requests, script, nodes, layout shift."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

LAYOUT_SHIFT = """() => new Promise(resolve => {
    let total = 0;
    const add = list => list.forEach(entry => { total += entry.value; });
    const observer = new PerformanceObserver(list => add(list.getEntries()));
    observer.observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => setTimeout(() => { add(observer.takeRecords()); resolve(total); }));
})"""
KB = 1024


@dataclass
class Cost:
    """The cost of one cold load; bytes as they came over the wire, compressed, headers included."""

    requests: int = 0
    bytes: int = 0
    script_bytes: int = 0
    nodes: int = 0
    layout_shift: float = 0.0
    kinds: dict[str, str] = field(default_factory=dict, repr=False)

    def assert_within(self, *, kilobytes: int, requests: int, script_kilobytes: int) -> None:
        """Fail where the page costs more; nodes and layout shift have the same limit everywhere."""
        assert self.requests <= requests, self
        assert self.bytes <= kilobytes * KB, self
        assert self.script_bytes <= script_kilobytes * KB, self
        assert self.nodes <= 1200, self
        assert self.layout_shift <= 0.01, self


def measure(page: Page, path: str) -> Cost:
    """Load `path` with an empty cache and return its cost."""
    cost = Cost()
    network = page.context.new_cdp_session(page)
    network.on(
        "Network.requestWillBeSent", lambda event: cost.kinds.update({event["requestId"]: event["type"]})
    )
    network.on("Network.loadingFinished", lambda event: _count(cost, event))
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(path, wait_until="networkidle")
    cost.nodes = page.evaluate("document.querySelectorAll('*').length")
    cost.layout_shift = page.evaluate(LAYOUT_SHIFT)
    network.detach()
    return cost


def _count(cost: Cost, event: dict[str, Any]) -> None:
    size = int(event["encodedDataLength"])
    cost.requests += 1
    cost.bytes += size
    if cost.kinds.get(event["requestId"]) == "Script":
        cost.script_bytes += size


@pytest.fixture
def cost_of(page: Page) -> Callable[[str], Cost]:
    """`cost_of("/login").assert_within(kilobytes=15, requests=4, script_kilobytes=5)`."""
    return lambda path: measure(page, path)
