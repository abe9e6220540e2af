"""Checks of the pages of own records in a browser, for the tests of an author; see docs/plugins.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Page

from dashboard.extensions import db
from dashboard.testing.accounts import a_session, session_cookie, storage_state, the_account
from dashboard.testing.harness import layout
from dashboard.testing.harness.accessibility import Accessibility
from dashboard.testing.kinds.kind import ADMIN, Values, kinds_of

MOST_STOPS = 120
# The focused control, or nothing where the focus left the page; and whether it can be seen to have the focus.
FOCUSED = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e);
    const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return {ringed, shown: e.checkVisibility({visibilityProperty: true}), html: e.outerHTML.slice(0, 120)};
}"""
# Controls that a mouse can press and the Tab key never reaches.
UNREACHED = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.checkVisibility({visibilityProperty: true}))
    .filter(e => e.tabIndex < 0 && (e.onclick || e.matches('a[href], button, input, select, textarea')))
    .filter(e => !e.disabled)
    .map(e => e.outerHTML.slice(0, 120))"""


def check_pages(
    app: Flask, new_context: Callable[..., BrowserContext], *, values: Values | None = None
) -> None:
    """Open every page of each kind with a `RecordView` in a browser, and check it.

    Checked are axe's rules in light and dark, the width of a phone and text of 200 %, and that the Tab key
    reaches what can be pressed and shows where it is. `app` is the served console and `new_context` the
    fixture of the harness; `values` is as for `check_kinds`. Raises AssertionError for the first fault.
    """
    accessibility = Accessibility()
    page = new_context(storage_state=logged_in_state(app, ADMIN)).new_page()
    for address in addresses(app, values or {}):
        page.goto(address)
        check_keyboard(page)
        accessibility.check_everywhere(page)
        layout.check_everywhere(page)


def addresses(app: Flask, values: Values) -> Iterator[str]:
    """The pages of each kind, those of a record for one that was created by its form."""
    for kind in kinds_of(app, values):
        yield from kind.page_addresses(kind.some_key())


def check_keyboard(page: Page) -> None:
    """Check that Tab begins at the link that skips to the content, and that each stop is seen."""
    unreached = page.evaluate(UNREACHED)
    assert not unreached, f"the Tab key does not reach, {page.url}: {unreached}"
    begins = page.evaluate("document.activeElement === document.body")  # a question has the focus on Cancel
    stops = list(_stops(page))
    is_first = bool(stops) and 'class="skip"' in stops[0]["html"]
    assert is_first or not begins, f"the first stop is not the link that skips, {page.url}: {stops[:1]}"
    for stop in stops:
        assert stop["ringed"], f"the focus is not seen, {page.url}: {stop['html']}"
        assert stop["shown"], f"the focus is on a hidden control, {page.url}: {stop['html']}"


def _stops(page: Page) -> Iterator[dict[str, Any]]:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return
        yield stop


def logged_in_state(app: Flask, role: str) -> Any:
    """The storage state of a browser context that is logged in as a user with a role."""
    with app.app_context():
        token = a_session(the_account(role))
        db.session.commit()
        return storage_state(session_cookie({"_user_id": token}), app.config["SESSION_COOKIE_NAME"])
