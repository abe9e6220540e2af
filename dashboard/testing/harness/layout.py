"""The fit of a page: nothing overflows, and every control is large enough."""

import json
from typing import Any

from playwright.sync_api import Page, ViewportSize

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SMALLEST: ViewportSize = {"width": 320, "height": 568}  # WCAG 1.4.10, Reflow
ZOOMED: ViewportSize = {"width": 640, "height": 400}  # 1280 x 800 at 200 %

# The overflow of the page in pixels, and the elements that overflow, once scripts know of the new sizes.
SIDEWAYS = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const root = document.documentElement, wide = root.clientWidth;
    const out = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
        && e.getBoundingClientRect().right > wide + 1 && !e.closest('.scroll, .unseen'));
    const named = out.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
    return root.scrollWidth > wide ? [root.scrollWidth - wide, ...named] : [];
}"""
# Text of 200 %, once scripts that watch sizes have seen it, which is in the next frame.
LARGE_TEXT = """() => {
    document.documentElement.style.fontSize = '200%';
    return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# Controls that are smaller than `least` in width or height. A link within a sentence may be (WCAG 2.5.8),
# a checkbox counts together with its label, and what takes no pointer is no target: keys alone get to it.
TOO_SMALL = """(least) => {
    const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const size = e => (e.closest('label') ?? e).getBoundingClientRect();
    const inSentence = e => e.matches('a') && e.parentElement.matches('p')
        && e.parentElement.innerText.trim() !== e.innerText.trim();
    return [...document.querySelectorAll(controls)]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.matches('.skip') && !inSentence(e)
            && getComputedStyle(e).pointerEvents !== 'none')
        .map(e => [e, size(e)])
        .filter(([e, box]) => Math.min(box.width, box.height) < least - .01)
        .map(([e, box]) => `${box.width.toFixed(1)} x ${box.height.toFixed(1)} ${e.outerHTML.slice(0, 120)}`);
}"""


def check_everywhere(page: Page) -> None:
    """Check on a phone, at 320 pixels, zoomed to 200 %, and wide with text of 200 %."""
    page.set_viewport_size(PHONE)
    _none(page.evaluate(TOO_SMALL, 44), "too small for a thumb")
    page.set_viewport_size(SMALLEST)
    nothing_sideways(page, "320 px wide")
    page.set_viewport_size(ZOOMED)
    nothing_sideways(page, "zoomed to 200 %")
    page.set_viewport_size(WIDE)
    _none(page.evaluate(TOO_SMALL, 24), "too small for a mouse")
    page.evaluate(LARGE_TEXT)
    nothing_sideways(page, "text at 200 %")
    page.evaluate("document.documentElement.style.fontSize = ''")


def nothing_sideways(page: Page, where: str) -> None:
    """Check that the page cannot be scrolled sideways now."""
    _none(page.evaluate(SIDEWAYS), f"sticks out, {where}")


def _none(found: list[Any], what: str) -> None:
    assert not found, f"{what}: {json.dumps(found, indent=1)}"
