"""Passkeys, by the device that Chromium has in software: adding, logging in, proving, and removing them."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.accounts.passkeys.forms import NEEDS, READY
from dashboard.testing.harness import layout
from dashboard.testing.harness.accessibility import Accessibility
from dashboard.testing.harness.browsing import NewContext
from e2e.budget import measure
from e2e.pages.login import LoginPage
from e2e.pages.passkeys import AddPasskeyPage, PasskeysCard, RenamePasskeyPage
from e2e.pages.product_list import ProductListPage
from e2e.passkeys import Device, a_device, at_name
from e2e.server import Console, ServerClock, email_of

VIEWER = email_of("viewer")
WRONG = "The passkey was not accepted. Try again, or use your password."
OFFERS = "if (name !== 'offers') PublicKeyCredential.isConditionalMediationAvailable = async () => false"


@pytest.fixture
def context(new_context: NewContext, server: Console) -> BrowserContext:
    """A browser at the name of this machine."""
    return new_context(base_url=at_name(server))


@pytest.fixture
def laptop(page: Page) -> Device:
    """The device of the user, who touches it at once, also where a login page only offers passkeys.

    So that a test can leave a login page open, pages offer them only after `let_offer`.
    """
    page.add_init_script(OFFERS)
    return a_device(page)


def let_offer(page: Page) -> None:
    """Let login pages offer passkeys while the email is typed."""
    page.evaluate("name = 'offers'")


def add(page: Page, name: str) -> None:
    """Log in with the password, and add a passkey."""
    LoginPage(page).open().log_in(VIEWER)
    ProductListPage(page).expect_open()
    PasskeysCard(page).open().add.click()
    AddPasskeyPage(page).expect_open().finish(name)
    PasskeysCard(page).flashes.expect_only("Passkey added. Your other sessions are logged out.", "success")


@pytest.mark.phone
@pytest.mark.postgresql
@pytest.mark.security(62)
def test_added_passkey_logs_in_without_a_password(page: Page, laptop: Device) -> None:
    add(page, "Work laptop")
    card = PasskeysCard(page).open().expect_passkeys("Work laptop")
    expect(card.region).to_contain_text("not used yet")
    card.page.goto("/admin/categories/")
    if page.get_by_role("button", name="Menu", exact=True).is_visible():
        page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("button", name="Log out").click()
    login = LoginPage(page).expect_open()
    page.goto("/admin/categories/")
    login.expect_open()
    login.by_passkey.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Categories")
    login.flashes.expect_only("Logged in successfully.", "success")
    expect(PasskeysCard(page).open().region).to_contain_text("last used")


def test_login_page_offers_passkeys_while_the_email_is_typed(page: Page, laptop: Device) -> None:
    add(page, "Work laptop")
    page.context.clear_cookies()
    expect(LoginPage(page).open().email).to_have_attribute("autocomplete", "username webauthn")
    let_offer(page)
    page.reload(wait_until="commit")
    ProductListPage(page).expect_open().nav.expect_logged_in(VIEWER)


def test_open_login_page_asks_for_a_new_challenge_in_time(
    page: Page, laptop: Device, server_clock: ServerClock
) -> None:
    add(page, "Work laptop")
    page.context.clear_cookies()
    laptop.leave()
    let_offer(page)
    page.clock.install()
    login = LoginPage(page).open()
    for _ in range(2):
        server_clock.advance(seconds=170)
        with page.expect_response("**/login/passkey/options"):
            page.clock.run_for(170_000)
    laptop.leave(False)
    page.clock.run_for(170_000)
    ProductListPage(page).expect_open()
    login.flashes.expect_only("Logged in successfully.", "success")


@pytest.mark.security(62, 64)
def test_passkey_is_asked_for_after_the_password(page: Page, laptop: Device) -> None:
    add(page, "Work laptop")
    page.context.clear_cookies()
    page.goto("/admin/categories/")
    LoginPage(page).log_in(VIEWER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    expect(page.get_by_text(READY)).to_be_visible()
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Categories")


@pytest.mark.security(57, 62)
def test_passkey_proves_who_one_is_and_is_removed(
    page: Page, laptop: Device, server_clock: ServerClock
) -> None:
    add(page, "Work laptop")
    card = PasskeysCard(page).open()
    server_clock.advance(minutes=6)
    card.remove("Work laptop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm it's you")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Remove passkey").click()
    card.expect_open().expect_passkeys()
    card.flashes.expect_only("Passkey removed. Your other sessions are logged out.", "success")
    page.context.clear_cookies()
    LoginPage(page).open().by_passkey.click()
    LoginPage(page).expect_errors(WRONG)


def test_passkey_is_renamed(page: Page, laptop: Device) -> None:
    add(page, "Work laptop")
    card = PasskeysCard(page).open()
    card.rename("Work laptop").click()
    renaming = RenamePasskeyPage(page).expect_open()
    renaming.name.fill("")
    renaming.rename.click()
    expect(renaming.error_summary).to_be_focused()
    renaming.name.fill("Old laptop")
    renaming.rename.click()
    card.expect_open().expect_passkeys("Old laptop")
    card.flashes.expect_only("Passkey renamed.", "success")


@pytest.mark.security(62)
def test_copy_of_a_passkey_is_refused(page: Page, laptop: Device) -> None:
    add(page, "Work laptop")
    page.context.clear_cookies()
    login = LoginPage(page).open()
    laptop.set_count(4)
    login.by_passkey.click()
    ProductListPage(page).expect_open()
    page.context.clear_cookies()
    login.open()
    laptop.set_count(2)
    login.by_passkey.click()
    login.expect_errors(WRONG)


def test_locked_device_is_told_beside_the_button(page: Page, laptop: Device) -> None:
    LoginPage(page).open().log_in(VIEWER)
    ProductListPage(page).expect_open()
    adding = AddPasskeyPage(page).open()
    laptop.lock()
    adding.finish("Work laptop")
    expect(page.get_by_text("No passkey was used. Try again.")).to_be_visible()
    expect(adding.add).not_to_have_attribute("aria-disabled", "true")
    laptop.lock(False)
    adding.add.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def test_device_that_has_a_passkey_makes_no_second_one(page: Page, laptop: Device) -> None:
    add(page, "Work laptop")
    adding = AddPasskeyPage(page).open()
    adding.finish("Work laptop again")
    expect(page.get_by_text("There already is a passkey for your account.")).to_be_visible()
    assert len(laptop.passkeys()) == 1


def test_page_without_javascript_says_what_passkeys_need(new_context: NewContext, server: Console) -> None:
    page = new_context(base_url=at_name(server), java_script_enabled=False).new_page()
    login = LoginPage(page).open()
    expect(page.get_by_text(NEEDS)).to_be_visible()
    expect(login.by_passkey).to_be_hidden()
    login.log_in(VIEWER)
    ProductListPage(page).expect_open()
    AddPasskeyPage(page).open().finish("Phone")
    expect(page.get_by_role("alert")).to_contain_text(NEEDS)


def test_browser_without_passkeys_says_so(page: Page) -> None:
    page.add_init_script("delete window.PublicKeyCredential")
    login = LoginPage(page).open()
    expect(page.get_by_text(NEEDS)).to_be_visible()
    expect(login.by_passkey).to_be_hidden()


@pytest.mark.phone
def test_pages_of_passkeys_are_accessible_and_fit(
    page: Page, laptop: Device, accessibility: Accessibility
) -> None:
    add(page, "A very long name of a laptop that is at work and at home and elsewhere too")
    for path in (PasskeysCard.path, AddPasskeyPage.path):
        page.goto(path)
        accessibility.check_everywhere(page)
        layout.check_everywhere(page)
    page.context.clear_cookies()
    LoginPage(page).open()
    accessibility.check_everywhere(page)
    layout.check_everywhere(page)


def test_login_page_with_passkeys_is_within_its_budget(page: Page, laptop: Device) -> None:
    measure(page, LoginPage.path).assert_within(kilobytes=15, requests=4, script_kilobytes=5)
