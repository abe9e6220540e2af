"""Logging in at a provider of identities, in a browser that goes there and comes back."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.testing.harness.accessibility import Accessibility
from dashboard.testing.harness.browsing import NewContext
from e2e.accounts import stored
from e2e.identity_provider import MockProvider, choose, keep_inside, mock_provider
from e2e.pages.login import LoginPage
from e2e.server import PASSWORD, Console, email_of

KIM = "kim@example.test"
LOG_IN = "Log in with Acme"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockProvider]:
    """A provider for all tests of this file."""
    with mock_provider(tmp_path_factory.mktemp("provider") / "log") as provider:
        yield provider


@pytest.fixture
def arrive(other_server: Callable[..., Console], new_context: NewContext, provider: MockProvider) -> Open:
    """`arrive("/profile")` opens a page of a console with the provider; `settings` are more of them."""
    # The console is asked for before the pages, so that it stops after them: the connection of a page that
    # still loads its styles at the end of a test would be reset.
    consoles: list[Console] = []

    def arrive(path: str = "/login", *, javascript: bool = True, **settings: object) -> Page:
        if not consoles:
            consoles.append(other_server(identity_provider=provider.settings(**settings)))
        context = new_context(base_url=consoles[0].url, java_script_enabled=javascript)
        keep_inside(context)
        page = context.new_page()
        page.goto(path)
        page.console = consoles[0]  # type: ignore[attr-defined]
        return page

    return arrive


def log_in_there(page: Page, person: str = "kim") -> None:
    """Follow the link of the login page, and log in at the provider."""
    page.get_by_role("link", name=LOG_IN).click()
    choose(page, person)


@pytest.mark.parametrize("javascript", [True, False])
def test_newcomer_logs_in_and_arrives_where_they_wanted_to(arrive: Open, javascript: bool) -> None:
    page = arrive("/admin/products/?q=oak", javascript=javascript)
    log_in_there(page)
    expect(page).to_have_url(re.compile(r"/admin/products/\?q=oak$"))
    expect(page.get_by_role("status").filter(has_text="Logged in successfully.")).to_be_visible()
    expect(page.get_by_text(KIM)).to_be_visible()


def test_group_gives_the_role(arrive: Open) -> None:
    page = arrive(roles={"buyers": "editor"})
    log_in_there(page)
    expect(page.get_by_role("link", name="Trash")).to_be_visible()
    account = stored(page.console, KIM)  # type: ignore[attr-defined]
    assert account is not None
    assert account.role == "editor"


@pytest.mark.parametrize("person", ["unconfirmed", "viewer"])
def test_account_of_the_same_email_is_not_taken_over(arrive: Open, person: str) -> None:
    page = arrive()
    log_in_there(page, person)
    LoginPage(page).expect_open()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/profile")
    LoginPage(page).expect_open()


def test_refusal_at_the_provider_leads_back_and_says_so(arrive: Open) -> None:
    page = arrive()
    page.get_by_role("link", name=LOG_IN).click()
    page.get_by_role("button", name="Deny").click()
    LoginPage(page).expect_open()
    expect(page.get_by_role("alert")).to_contain_text("You have not logged in at Acme.")


def test_account_is_connected_on_the_profile_and_disconnected_again(arrive: Open) -> None:
    page = arrive("/profile")
    LoginPage(page).log_in(email_of("viewer"), PASSWORD)
    page.get_by_role("link", name="Connect Acme").click()
    choose(page, "viewer")
    section = page.get_by_role("region", name="Acme")
    expect(section).to_contain_text("Connected")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Logged out successfully.")).to_be_visible()
    log_in_there(page, "viewer")
    expect(page.get_by_text(email_of("viewer"))).to_be_visible()
    page.goto("/profile")
    section.get_by_role("button", name="Disconnect").click()
    expect(section.get_by_role("link", name="Connect Acme")).to_be_visible()


def test_logging_out_offers_to_log_out_at_the_provider(arrive: Open) -> None:
    page = arrive()
    log_in_there(page)
    page.get_by_role("button", name="Log out", exact=True).click()
    page.get_by_role("link", name="Log out of Acme too").click()
    page.get_by_role("button", name="End session").click()
    LoginPage(page).expect_open()


def test_back_after_logging_in_begins_nothing_twice(arrive: Open) -> None:
    page = arrive()
    log_in_there(page)
    expect(page.get_by_role("status").filter(has_text="Logged in successfully.")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_text("You are already logged in.")).to_be_visible()


def test_pages_with_a_provider_are_accessible(arrive: Open, accessibility: Accessibility) -> None:
    page = arrive()
    accessibility.check_everywhere(page)
    log_in_there(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Products")
    page.goto("/profile")
    accessibility.check_everywhere(page)
