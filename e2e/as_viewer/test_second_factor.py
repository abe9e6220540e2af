"""Setting up an authenticator app and recovery codes, and removing them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.second_factors import code_of
from e2e.pages.login import LoginPage
from e2e.pages.product_list import ProductListPage
from e2e.pages.profile import ProfilePage
from e2e.pages.second_factor import FactorsPage, RecoveryCodesPage, SecondStepPage, SetUpPage
from e2e.server import Console, ServerClock, email_of

VIEWER = email_of("viewer")


def set_up(page: Page) -> tuple[str, list[str]]:
    """Set up an app from the profile, and return its seed and the recovery codes."""
    ProfilePage(page).open()
    page.get_by_role("link", name="Manage second factor").click()
    factors = FactorsPage(page).expect_open().expect_on(False)
    factors.set_up.click()
    seed = SetUpPage(page).expect_open().finish()
    codes = RecoveryCodesPage(page).expect_open()
    codes.flashes.expect_only("Authenticator app added. Your other sessions are logged out.", "success")
    return seed, codes.get()


@pytest.mark.postgresql
def test_app_is_set_up_and_asked_for_at_the_next_login(page: Page, server_clock: ServerClock) -> None:
    seed, _ = set_up(page)
    RecoveryCodesPage(page).saved.click()
    FactorsPage(page).expect_open().expect_on().nav.log_out()
    LoginPage(page).expect_open().log_in(VIEWER)
    server_clock.advance(seconds=30)
    SecondStepPage(page).expect_open().enter(code_of(seed))
    ProductListPage(page).expect_open()


def test_wrong_code_keeps_the_picture_and_says_why(page: Page) -> None:
    set_up_page = SetUpPage(page).open()
    seed = set_up_page.seed()
    expect(set_up_page.picture).to_be_visible()
    set_up_page.code.fill("000")
    set_up_page.add.click()
    expect(set_up_page.error_summary).to_be_focused()
    expect(set_up_page.code).to_have_accessible_description(
        "Six digits, from your authenticator app. "
        "This is not the code that your app shows now. Enter the newest one."
    )
    assert set_up_page.seed() == seed
    set_up_page.finish()
    RecoveryCodesPage(page).expect_open()


@pytest.mark.security(61)
def test_recovery_codes_are_shown_once_and_downloaded(page: Page, tmp_path: Path) -> None:
    _, codes = set_up(page)
    with page.expect_download() as file:
        RecoveryCodesPage(page).download.click()
    saved = tmp_path / file.value.suggested_filename
    file.value.save_as(saved)
    assert saved.name == "recovery-codes.txt"
    assert saved.read_text(encoding="utf-8").splitlines()[-10:] == codes
    RecoveryCodesPage(page).saved.click()
    factors = FactorsPage(page).expect_open()
    expect(factors.recovery).to_contain_text("10 codes left")
    expect(page.get_by_text(codes[0])).to_have_count(0)


def test_printed_codes_are_whole_and_without_the_menu(page: Page) -> None:
    set_up(page)
    page.emulate_media(media="print")
    codes = RecoveryCodesPage(page)
    expect(codes.codes).to_have_count(10)
    for each in codes.codes.all():
        expect(each).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(codes.download).to_be_hidden()
    expect(page.get_by_role("main")).to_contain_text(f"Staff console · {VIEWER}")


def test_app_is_removed_after_a_question(page: Page, server: Console) -> None:
    set_up(page)
    factors = FactorsPage(page).open().expect_on()
    factors.remove.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove authenticator app?")
    expect(page.get_by_role("main").get_by_role("link", name="Cancel")).to_be_focused()
    page.get_by_role("button", name="Remove app").click()
    factors.expect_open().expect_on(False)
    factors.flashes.expect_only("Authenticator app removed. Your other sessions are logged out.", "success")


def test_change_of_factors_asks_for_a_proof_by_the_app(page: Page, server_clock: ServerClock) -> None:
    seed, _ = set_up(page)
    server_clock.advance(minutes=6)
    factors = FactorsPage(page).open()
    factors.remove.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm it's you")
    page.get_by_role("link", name="Use your authenticator app").click()
    page.get_by_label("Code", exact=True).fill(code_of(seed))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove authenticator app?")


def test_app_is_set_up_by_keyboard(page: Page) -> None:
    page_of = SetUpPage(page).open()
    page_of.code.focus()
    page.keyboard.type(code_of(page_of.seed()))
    page.keyboard.press("Enter")
    RecoveryCodesPage(page).expect_open()
