from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard.accounts.models import User
from e2e.pages.profile import ProfilePage
from e2e.server import Console, email_of

SYSTEM, LIGHT, DARK = "System", "Light", "Dark"
BACKGROUNDS = {"light": "rgb(247, 248, 250)", "dark": "rgb(15, 17, 21)"}
NAMES = ["Žofie 山田 🌷", "\" onfocus=alert(1) autofocus '", "<script>alert(1)</script> {{ 7*7 }}"]


def first_html(page: Page, act: Callable[[], object]) -> str:
    """Return the HTML of the page that `act` opens, as the server sent it."""
    with page.expect_response(lambda answer: answer.request.is_navigation_request() and answer.ok) as answer:
        act()
    return answer.value.text()


def test_name_is_saved_as_typed_and_shown_to_other_users(page: Page, open_as: Callable[..., Page]) -> None:
    profile = ProfilePage(page).open().expect_open()
    for name in NAMES:
        profile.name.fill(name)
        profile.save.click()
        profile.flashes.expect_only("Profile saved.", "success")
        expect(profile.name).to_have_value(name)
    theirs = open_as("admin")
    theirs.goto("/admin/users/details/?id=1")
    expect(theirs.get_by_role("region", name="Facts")).to_contain_text(NAMES[-1])


def test_invalid_name_is_shown_again_with_the_reason(page: Page) -> None:
    profile = ProfilePage(page)
    for name, reason in (("x" * 101, "at most 100 characters"), ("a\x07b", "control characters")):
        profile.open().name.fill(name)
        profile.save.click()
        expect(profile.error_summary).to_contain_text(reason)
        expect(profile.error_summary).to_be_focused()
        expect(profile.name).to_have_value(name)
        profile.error_summary.get_by_role("link").click()
        expect(profile.name).to_be_focused()


def test_colour_mode_is_in_the_html_from_the_server(page: Page) -> None:
    profile = ProfilePage(page).open()
    for choice, mode in ((LIGHT, "light"), (DARK, "dark"), (SYSTEM, "system")):
        profile.choose_mode(choice).save.click()
        profile.flashes.expect_only("Profile saved.", "success")
        html = first_html(page, page.reload)
        assert f'<html lang="en" data-mode="{mode}">' in html
        expect(page.get_by_role("radio", name=choice)).to_be_checked()


def test_chosen_mode_overrides_the_system(page: Page) -> None:
    ProfilePage(page).open()
    for mode, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme="dark" if mode == "light" else "light")
        switch = page.get_by_role("group", name="Colour mode").get_by_role("button", name=mode.capitalize())
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "true")
        expect(page.locator("body")).to_have_css("background-color", background)


def test_mode_follows_the_system_by_default(page: Page) -> None:
    ProfilePage(page).open()
    for mode, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=mode)
        expect(page.locator("body")).to_have_css("background-color", background)


def test_mode_switch_keeps_the_page_and_survives_logging_out(
    page: Page,
) -> None:
    page.goto("/admin/products/?q=lamp&sort=-price")
    page.get_by_role("group", name="Colour mode").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")
    expect(page).to_have_url("/admin/products/?q=lamp&sort=-price")
    profile = ProfilePage(page).open()
    expect(page.get_by_role("radio", name=DARK)).to_be_checked()
    profile.nav.log_out()
    profile.nav.expect_anonymous()
    expect(page.locator("html")).to_have_attribute("data-mode", "dark")


@pytest.mark.allow(status=409)
def test_name_changed_by_an_admin_is_not_overwritten_after_back(page: Page, server: Console) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    profile = ProfilePage(page).open()
    profile.name.fill("Lee")
    with server.database() as session:
        session.scalars(select(User).where(User.email == email_of("viewer"))).one().name = "Kim"
    page.goto("/admin/products/")
    page.go_back()
    expect(profile.name).to_have_value("Lee")
    profile.save.click()
    expect(profile.error_summary).to_contain_text("Your name was changed to “Kim” while this page was open.")
    profile.save.click()
    profile.flashes.expect_only("Profile saved.", "success")
    expect(profile.name).to_have_value("Lee")
