"""Links that arrive by mail: forgotten passwords, registering, invitations, another email; each used once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.mail.sending import send_next
from dashboard.testing.harness import layout
from dashboard.testing.harness.accessibility import Accessibility
from dashboard.testing.harness.browsing import NewContext
from dashboard.testing.mail_servers import Mailbox, mailbox
from e2e.accounts import stored
from e2e.pages.link import ChoosingPage
from e2e.pages.user_form import UserFormPage
from e2e.server import PASSWORD, Console, email_of

VIEWER, NEWCOMER = email_of("viewer"), "newcomer@example.test"
NEW_PASSWORD = "copper meadow whistle 7"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A server that takes mail."""
    with mailbox() as box:
        yield box


@pytest.fixture
def console(other_server: Callable[..., Console], box: Mailbox) -> Console:
    """A console that sends mail."""
    return other_server(mail=box.server)


def send_due(console: Console) -> None:
    """Send every mail that is due."""
    with console.app.app_context():
        while send_next():
            pass


def log_in(page: Page, console: Console, email: str, password: str) -> None:
    """Log in through the form."""
    page.goto(f"{console.url}/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.allow(status=404)
@pytest.mark.parametrize("javascript", [True, False])
def test_forgotten_password_is_replaced_by_the_link_in_a_mail(
    new_context: NewContext, console: Console, box: Mailbox, javascript: bool
) -> None:
    page = new_context(java_script_enabled=javascript).new_page()
    page.goto(f"{console.url}/login")
    page.get_by_role("link", name="Forgot password?").click()
    page.get_by_label("Email").fill(VIEWER)
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("If there is an account with this email")).to_be_visible()
    send_due(console)
    link = f"{console.url}{box.link(VIEWER)}"
    page.goto(link)
    ChoosingPage(page).choose(NEW_PASSWORD).change.click()
    expect(page.get_by_text("Password changed. Log in with your new password.")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This reset link doesn't work")
    log_in(page, console, VIEWER, NEW_PASSWORD)
    expect(page.get_by_text("Logged in successfully.")).to_be_visible()


@pytest.mark.allow(status=404)
def test_user_registers_by_the_link_in_a_mail(page: Page, console: Console, box: Mailbox) -> None:
    page.goto(f"{console.url}/register")
    page.get_by_label("Email").fill(NEWCOMER)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Check your email to finish registering.")).to_be_visible()
    assert stored(console, NEWCOMER) is None
    send_due(console)
    link = f"{console.url}{box.link(NEWCOMER)}"
    page.goto(link)
    choosing = ChoosingPage(page).choose()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Registered successfully.")).to_be_visible()
    page.goto(link)
    expect(choosing.heading).to_have_text("This link doesn't work")


@pytest.mark.allow(status=404)
def test_invited_user_joins_by_the_link_in_a_mail(
    page: Page, new_context: NewContext, console: Console, box: Mailbox
) -> None:
    log_in(page, console, email_of("admin"), PASSWORD)
    expect(page.get_by_text("Logged in successfully.")).to_be_visible()
    page.goto(f"{console.url}/admin/users/new/")
    UserFormPage(page).fill(email=NEWCOMER, name="New Comer").choose(role="Editor").create_button.click()
    expect(page.get_by_role("status").filter(has_text=NEWCOMER)).to_be_visible()
    send_due(console)
    link = f"{console.url}{box.link(NEWCOMER)}"
    theirs = new_context().new_page()
    theirs.goto(link)
    joining = ChoosingPage(theirs)
    expect(joining.name).to_have_value("New Comer")
    joining.choose().join.click()
    expect(theirs.get_by_text("Registered successfully.")).to_be_visible()
    account = stored(console, NEWCOMER)
    assert account is not None
    assert (account.name, account.role, account.active) == ("New Comer", "editor", True)
    theirs.goto(link)
    expect(joining.heading).to_have_text("This invitation link doesn't work")


@pytest.mark.allow(status=404)
def test_email_changes_by_the_link_in_a_mail(page: Page, console: Console, box: Mailbox) -> None:
    log_in(page, console, VIEWER, PASSWORD)
    page.goto(f"{console.url}/profile")
    page.get_by_role("link", name="Change email").click()
    page.get_by_label("New email").fill(NEWCOMER)
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text(f"A mail with a link is on its way to {NEWCOMER}.")).to_be_visible()
    send_due(console)
    link = f"{console.url}{box.link(NEWCOMER)}"
    page.goto(link)
    page.get_by_role("button", name="Change email").click()
    expect(page.get_by_text("Email changed.")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link doesn't work")
    assert stored(console, NEWCOMER)
    send_due(console)
    assert len(box.to(VIEWER)) == 2


def checked(page: Page, accessibility: Accessibility) -> None:
    """Check a page in both colour modes, wide and narrow."""
    accessibility.check_everywhere(page)
    layout.check_everywhere(page)


def test_axe_finds_nothing_on_the_pages_of_mails(
    new_context: NewContext, console: Console, box: Mailbox, accessibility: Accessibility
) -> None:
    page = new_context().new_page()
    for path in ("/password/forgot", "/register"):
        page.goto(f"{console.url}{path}")
        checked(page, accessibility)
    page.get_by_label("Email").fill(NEWCOMER)
    page.get_by_role("button", name="Register").click()
    box.refused = {VIEWER: "550 No such user"}
    page.goto(f"{console.url}/password/forgot")
    page.get_by_label("Email").fill(VIEWER)
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("If there is an account with this email")).to_be_visible()
    send_due(console)
    page.goto(f"{console.url}{box.link(NEWCOMER)}")
    checked(page, accessibility)
    log_in(page, console, email_of("owner"), PASSWORD)
    for path in ("/profile/email", "/admin/mail/"):
        page.goto(f"{console.url}{path}")
        checked(page, accessibility)
    expect(page.get_by_text("550 No such user")).to_be_visible()
