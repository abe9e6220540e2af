"""Changes of accounts ask for the password again once the last proof is older than five minutes."""

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from e2e.accounts import stored
from e2e.pages.confirm import ConfirmPage
from e2e.pages.link import LinkPage
from e2e.pages.user_form import UserFormPage
from e2e.pages.user_list import UserListPage
from e2e.server import Console, ServerClock, email_of

NEWCOMER = "newcomer@example.test"
VIEWER = email_of("viewer")
NOT_YET = "Confirmed. Nothing was changed or exported yet: repeat your last step."


def invited_late(page: Page, clock: ServerClock) -> UserFormPage:
    """Fill in an invitation and send it after a while; the page that asks for the password opens."""
    form = UserFormPage(page).new().fill(email=NEWCOMER, name="New Comer").choose(role="Editor")
    clock.advance(minutes=6)
    form.create_button.click()
    ConfirmPage(page).expect_open()
    return form


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_invitation_goes_on_as_typed_after_the_password(
    page: Page, page_without_javascript: Page, server: Console, server_clock: ServerClock, script: bool
) -> None:
    tab = page if script else page_without_javascript
    form = invited_late(tab, server_clock)
    assert stored(server, NEWCOMER) is None
    ConfirmPage(tab).prove()
    expect(tab.get_by_role("status").filter(has_text=NOT_YET)).to_be_visible()
    form.expect_values(email=NEWCOMER, name="New Comer")
    form.create_button.click()
    LinkPage(tab).expect_link(f"Account {NEWCOMER} invited.")


def test_wrong_password_proves_nothing(page: Page, server: Console, server_clock: ServerClock) -> None:
    invited_late(page, server_clock)
    asked = ConfirmPage(page)
    asked.prove("not the password")
    expect(page.get_by_role("alert")).to_contain_text("The password is incorrect.")
    assert stored(server, NEWCOMER) is None


def test_cancelling_leads_back_to_what_was_typed(page: Page, server_clock: ServerClock) -> None:
    form = invited_late(page, server_clock)
    ConfirmPage(page).cancel.click()
    form.expect_values(email=NEWCOMER, name="New Comer")


def test_question_about_a_user_is_asked_again(page: Page, server_clock: ServerClock) -> None:
    users = UserListPage(page).open()
    users.table.select(VIEWER)
    users.bulk_bar.expect_count(1).choose("Deactivate")
    users.dialog.expect_asks("Deactivate 1 account?")  # else the question itself would need a proof
    server_clock.advance(minutes=6)
    users.dialog.confirm("Deactivate 1 account")
    ConfirmPage(page).expect_open().prove()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deactivate 1 account?")
    page.get_by_role("button", name="Deactivate 1 account").click()
    users.expect_open()
    expect(users.table.row(VIEWER)).to_contain_text("Deactivated")


def test_page_that_asks_is_accessible(
    page: Page, server_clock: ServerClock, accessibility: Accessibility
) -> None:
    invited_late(page, server_clock)
    accessibility.check_everywhere(page)
