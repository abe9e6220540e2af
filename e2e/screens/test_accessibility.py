from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness import layout
from dashboard.testing.harness.accessibility import MODES, NARROW, OTHER_CORNERS, Accessibility
from dashboard.testing.harness.browsing import NewContext
from e2e import visibility
from e2e.screens.states import every_kind, every_state
from e2e.server import Console


@every_state
def test_axe_finds_nothing_and_nothing_scrolls_sideways(screen: Page, accessibility: Accessibility) -> None:
    accessibility.check_everywhere(screen)
    layout.check_everywhere(screen)
    visibility.check_everywhere(screen)


@every_kind
def test_axe_finds_nothing_in_the_other_mode_of_each_width(
    screen: Page, accessibility: Accessibility
) -> None:
    accessibility.check_everywhere(screen, OTHER_CORNERS)


@pytest.mark.parametrize("mode", ["invite", "closed"])
@pytest.mark.allow(status=403)
def test_axe_finds_nothing_where_registration_is_not_open(
    other_server: Callable[..., Console], new_context: NewContext, accessibility: Accessibility, mode: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{other_server(registration=mode).url}/register")
    accessibility.check_everywhere(page)
    layout.check_everywhere(page)


@pytest.mark.parametrize("role", ["admin"])
def test_axe_finds_nothing_in_the_open_menu_of_a_phone(
    page: Page, accessibility: Accessibility, role: str
) -> None:
    page.set_viewport_size(NARROW)
    page.goto("/admin/")
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        accessibility.check(page, mode)


@pytest.mark.parametrize("role", ["editor"])
def test_axe_finds_nothing_in_a_chosen_colour_mode(
    page: Page, accessibility: Accessibility, role: str
) -> None:
    page.goto("/admin/products/?q=oak+lamp")
    for mode in MODES:
        page.get_by_role("group", name="Colour mode").get_by_role("button", name=mode.capitalize()).click()
        expect(page.locator("html")).to_have_attribute("data-mode", mode)
        accessibility.check(page, mode)
