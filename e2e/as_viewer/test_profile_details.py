from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.base import BasePage
from e2e.pages.profile import ProfilePage
from e2e.server import email_of

SYSTEM, LIGHT, DARK = "As the system", "Light", "Dark"
BACKGROUNDS = {"light": "rgb(247, 248, 250)", "dark": "rgb(15, 17, 21)"}
NAMES = [
    "Vera Viewer",
    "Žofie 山田 🌷",
    "<script>alert(1)</script>",
    "\" onfocus=alert(1) autofocus '",
    "{{ 7*7 }}",
]


def first_html(page: Page, act: Callable[[], object]) -> str:
    """The HTML of the page that `act` leads to, as the server sent it, before any script ran."""
    with page.expect_response(lambda answer: answer.request.is_navigation_request() and answer.ok) as answer:
        act()
    return answer.value.text()


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_saved_as_typed(page: Page, name: str) -> None:
    profile = ProfilePage(page).open().expect_open()
    profile.name.fill(name)
    profile.save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    expect(profile.name).to_have_value(name)


def test_colleagues_see_the_name(page: Page, open_as: Callable[..., Page]) -> None:
    profile = ProfilePage(page).open()
    profile.name.fill("Vera Viewer")
    profile.save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    theirs = open_as("admin")
    theirs.goto("/admin/users/details/?id=1")
    expect(theirs.get_by_role("region", name="Facts")).to_contain_text("Vera Viewer")


@pytest.mark.parametrize(
    ("name", "reason"), [("x" * 101, "at most 100 characters"), ("a\x07b", "control characters")]
)
def test_a_faulty_name_comes_back_with_what_is_wrong(page: Page, name: str, reason: str) -> None:
    profile = ProfilePage(page).open()
    profile.name.fill(name)
    profile.save.click()
    expect(profile.error_summary).to_contain_text(reason)
    expect(profile.error_summary).to_be_focused()
    expect(profile.name).to_have_value(name)
    profile.error_summary.get_by_role("link").click()
    expect(profile.name).to_be_focused()


@pytest.mark.parametrize(("choice", "mode"), [(LIGHT, "light"), (DARK, "dark"), (SYSTEM, "system")])
def test_the_colour_mode_stands_in_the_first_html(page: Page, choice: str, mode: str) -> None:
    profile = ProfilePage(page).open().choose_mode(choice)
    profile.save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    html = first_html(page, page.reload)
    assert f'<html lang="en" data-mode="{mode}">' in html
    expect(page.get_by_role("radio", name=choice)).to_be_checked()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_chosen_mode_overrides_the_system(page: Page, mode: str) -> None:
    page.emulate_media(color_scheme="dark" if mode == "light" else "light")
    base = BasePage(page).open()
    page.get_by_role("group", name="Colour mode").get_by_role("button", name=mode.capitalize()).click()
    expect(page.get_by_role("button", name=mode.capitalize())).to_have_attribute("aria-pressed", "true")
    expect(page.locator("body")).to_have_css("background-color", BACKGROUNDS[mode])
    base.nav.expect_signed_in(email_of("viewer"))


def test_without_a_choice_the_mode_follows_the_system(page: Page) -> None:
    BasePage(page).open()
    for mode, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=mode)
        expect(page.locator("body")).to_have_css("background-color", background)


def test_the_switch_in_the_sidebar_keeps_the_page_and_tells_the_profile(page: Page) -> None:
    page.goto("/admin/products/?q=lamp&sort=-price")
    page.get_by_role("group", name="Colour mode").get_by_role("button", name="Dark").click()
    expect(page).to_have_url("/admin/products/?q=lamp&sort=-price")
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")
    ProfilePage(page).open()
    expect(page.get_by_role("radio", name=DARK)).to_be_checked()


def test_the_mode_stays_after_signing_out(page: Page) -> None:
    base = BasePage(page).open()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")
    base.nav.log_out()
    base.nav.expect_anonymous()
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")
