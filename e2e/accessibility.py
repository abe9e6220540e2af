"""axe on the page as it stands, and on every combination of mode and width that people see."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# The rules that look at colours; the others cannot tell light from dark.
COLOUR_RULES = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
RUN = "options => axe.run(document, options).then(result => result.violations)"
MODES = ("light", "dark")
SIZES = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})


class Accessibility:
    """Checks with axe that a page breaks none of its rules."""

    def __init__(self) -> None:
        self.script = Axe().axe_script

    def check(self, page: Page, where: str = "", rules: dict = EVERY_RULE) -> None:
        """Fail with the rules that the page breaks now, and the elements that break them."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.script)
        violations = page.evaluate(RUN, rules)
        found = [f"{each['id']}: {each['help']}\n{_targets(each)}" for each in violations]
        assert not found, f"axe, {page.url} {where}\n" + "\n".join(found)

    def check_everywhere(self, page: Page) -> None:
        """Check in light and dark, wide and narrow; the state of the page has to survive a resize.

        Every rule in light; in dark, on the same elements, those that look at colours.
        """
        for size in SIZES:
            page.set_viewport_size(size)
            for mode, rules in zip(MODES, (EVERY_RULE, COLOUR_RULES), strict=True):
                page.emulate_media(color_scheme=mode)
                self.check(page, f"{mode}, {size['width']} px wide", rules)


@pytest.fixture(scope="session")
def accessibility() -> Accessibility:
    """`accessibility.check_everywhere(page)`."""
    return Accessibility()


def _targets(violation: dict) -> str:
    return "\n".join(f"    {node['target'][0]}  {node['html'][:200]}" for node in violation["nodes"])
