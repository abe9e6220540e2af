"""Using a page by keyboard alone."""

from playwright.sync_api import Locator, expect

REACH = 60  # more keystrokes than any control of a page may take


def tab_to(target: Locator, key: str = "Tab") -> None:
    """Move the focus to a control by pressing `key`."""
    expect(target).to_be_visible()
    for _ in range(REACH):
        target.page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} was not reached in {REACH} steps")


def press(target: Locator, key: str = "Enter") -> None:
    """Move the focus to a control by Tab, and press `key`."""
    tab_to(target)
    target.page.keyboard.press(key)
