from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import MODES, Accessibility
from e2e.browsing import NewContext
from e2e.screens.states import every_state
from e2e.server import Console


@every_state
def test_axe_finds_nothing_in_light_and_dark_wide_and_narrow(
    screen: Page, accessibility: Accessibility
) -> None:
    accessibility.check_everywhere(screen)


@pytest.mark.parametrize("mode", ["invite", "closed"])
@pytest.mark.allow(status=403)
def test_axe_finds_nothing_where_registration_is_not_open(
    new_context: NewContext, other_server: Callable[..., Console], accessibility: Accessibility, mode: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{other_server(registration=mode).url}/register")
    accessibility.check_everywhere(page)


@pytest.mark.parametrize("role", ["admin"])
def test_axe_finds_nothing_in_the_open_menu_of_a_phone(
    page: Page, accessibility: Accessibility, role: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/")
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        accessibility.check(page, mode)


@pytest.mark.parametrize("role", ["editor"])
@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_in_a_mode_that_the_person_chose(
    page: Page, accessibility: Accessibility, role: str, mode: str
) -> None:
    page.goto("/admin/products/?status=active&size=10")
    page.get_by_role("group", name="Colour mode").get_by_role("button", name=mode.capitalize()).click()
    expect(page.locator("html")).to_have_attribute("data-mode", mode)
    accessibility.check(page, mode)
