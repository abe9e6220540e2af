"""The states of the pages of second factors."""

from playwright.sync_api import Page, expect

from dashboard.testing.accounts import the_account
from dashboard.testing.passkeys import a_passkey
from dashboard.testing.second_factors import an_authenticator, recovery_codes
from e2e.pages.login import LoginPage
from e2e.pages.passkeys import AddPasskeyPage, PasskeysCard, RenamePasskeyPage
from e2e.pages.second_factor import FactorsPage, RecoveryCodesPage, SecondStepPage, SetUpPage
from e2e.screens.state import Reach, State, at
from e2e.server import Console, email_of


def with_factor(path: str) -> Reach:
    """Return how to reach the page at an address as a viewer who has a second factor."""

    def reach(page: Page, server: Console) -> None:
        give_factor(server)
        page.goto(path)

    return reach


def give_factor(server: Console, role: str = "viewer") -> None:
    """Give the user of a role an authenticator app and recovery codes."""
    with server.database():
        user = the_account(role)
        an_authenticator(user)
        recovery_codes(user)


def set_up_errors(page: Page, _server: Console) -> None:
    """Setting up an app with a wrong code."""
    setting_up = SetUpPage(page).open()
    setting_up.add.click()
    expect(setting_up.error_summary).to_be_visible()


def shown_codes(page: Page, server: Console) -> None:
    """New recovery codes."""
    give_factor(server)
    RecoveryCodesPage(page).open().get()


def second_step(page: Page, server: Console) -> None:
    """The page that asks for the second factor."""
    give_factor(server)
    LoginPage(page).open().log_in(email_of("viewer"))
    SecondStepPage(page).expect_open()


def second_step_errors(page: Page, server: Console) -> None:
    """The page that asks for the second factor, after a wrong code."""
    second_step(page, server)
    SecondStepPage(page).enter("x")
    expect(SecondStepPage(page).error_summary).to_be_visible()


def recovery_step(page: Page, server: Console) -> None:
    """The page that asks for a recovery code."""
    second_step(page, server)
    SecondStepPage(page).use_recovery_code.click()
    expect(SecondStepPage(page).recovery_code).to_be_visible()


def give_passkey(server: Console) -> None:
    """Give the viewer a passkey."""
    with server.database():
        a_passkey(the_account("viewer"))


def passkeys(page: Page, server: Console) -> None:
    """Second factors with a passkey, at an address where it does not work."""
    give_passkey(server)
    PasskeysCard(page).open().expect_passkeys("Work laptop")


def passkey_removal(page: Page, server: Console) -> None:
    """The question before a passkey is removed."""
    passkeys(page, server)
    PasskeysCard(page).remove("Work laptop").click()
    expect(page.get_by_role("button", name="Remove passkey")).to_be_visible()


def needed_passkey(page: Page, server: Console) -> None:
    """The page that says why a passkey stays."""
    passkeys(page, server)
    with server.database():
        the_account("viewer").password_hash = ""
    PasskeysCard(page).remove("Work laptop").click()
    expect(page.get_by_role("link", name="Choose password")).to_be_visible()
    expect(page.get_by_role("button", name="Remove passkey")).to_have_count(0)


def passkey_renaming(page: Page, server: Console) -> None:
    """Renaming a passkey."""
    passkeys(page, server)
    PasskeysCard(page).rename("Work laptop").click()
    RenamePasskeyPage(page).expect_open()


def passkey_errors(page: Page, _server: Console) -> None:
    """Adding a passkey without one."""
    adding = AddPasskeyPage(page).open()
    adding.finish("")
    expect(adding.error_summary).to_be_visible()


def passkey_step(page: Page, server: Console) -> None:
    """The page that asks for a passkey after the password, at an address where it does not work."""
    give_passkey(server)
    LoginPage(page).open().log_in(email_of("viewer"))
    SecondStepPage(page).expect_open()


FACTORS = (
    State("passkeys", "viewer", passkeys),
    State("adding a passkey", "viewer", at(AddPasskeyPage.path)),
    State("adding a passkey with errors", "viewer", passkey_errors),
    State("question before removing a passkey", "viewer", passkey_removal),
    State("passkey that is needed", "viewer", needed_passkey),
    State("renaming a passkey", "viewer", passkey_renaming),
    State("second step by a passkey", None, passkey_step),
    State("no second factor", "viewer", at(FactorsPage.path)),
    State("second factors", "viewer", with_factor(FactorsPage.path)),
    State("setting up an app", "viewer", at(SetUpPage.path)),
    State("setting up an app with errors", "viewer", set_up_errors),
    State("question before removing an app", "viewer", with_factor("/profile/authenticator/remove")),
    State("question before new recovery codes", "viewer", with_factor(RecoveryCodesPage.path)),
    State("new recovery codes", "viewer", shown_codes),
    State("second step", None, second_step),
    State("second step with errors", None, second_step_errors),
    State("second step by a recovery code", None, recovery_step),
)
