"""Checks of a page with axe: as it is now, or in both modes and both widths."""

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

Rules: TypeAlias = dict[str, Any]
Corner: TypeAlias = tuple[ViewportSize, Literal["light", "dark"], Rules]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# None of these rules reads style sheets, so axe need not fetch them.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
EVERY_RULE: Rules = {"runOnly": {"type": "tag", "values": TAGS}, **OPTIONS}
COLOUR_RULES: Rules = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    **OPTIONS,
}
RUN = "options => axe.run(document, options).then(result => result.violations)"
MODES = ("light", "dark")
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
CORNERS: tuple[Corner, ...] = ((WIDE, "light", EVERY_RULE), (NARROW, "dark", EVERY_RULE))
# Only colours can differ here: those that one mode changes at one width.
OTHER_CORNERS: tuple[Corner, ...] = ((WIDE, "dark", COLOUR_RULES), (NARROW, "light", COLOUR_RULES))


class Accessibility:
    """Checks with axe that a page breaks none of its rules."""

    def __init__(self) -> None:
        self.script = Axe().axe_script

    def check(self, page: Page, where: str = "", rules: Rules = EVERY_RULE) -> None:
        """Fail with the rules that the page breaks now, and the elements that break them."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.script)
        violations = page.evaluate(RUN, rules)
        found = [f"{each['id']}: {each['help']}\n{_targets(each)}" for each in violations]
        assert not found, f"axe, {page.url} {where}\n" + "\n".join(found)

    def check_everywhere(self, page: Page, corners: Iterable[Corner] = CORNERS) -> None:
        """Check every rule in light and wide, then in dark and narrow; the page has to survive a resize.

        The narrow window is as high as the page: a bar at the edge of a lower one covers half of a link
        somewhere, which axe takes for a small one.
        """
        for size, mode, rules in corners:
            page.set_viewport_size(size)
            if size == NARROW:
                whole = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({**size, "height": max(size["height"], whole)})
            page.emulate_media(color_scheme=mode)
            self.check(page, f"{mode}, {size['width']} px wide", rules)


@pytest.fixture(scope="session")
def accessibility() -> Accessibility:
    """`accessibility.check_everywhere(page)`."""
    return Accessibility()


def _targets(violation: dict[str, Any]) -> str:
    return "\n".join(f"    {node['target'][0]}  {node['html'][:200]}" for node in violation["nodes"])
